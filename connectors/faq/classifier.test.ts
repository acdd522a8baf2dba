/** How well intents are told apart: on a few sentences always, on 150 intents where the data is. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Classifier, train } from './classifier.ts'

const examples = [
  { intent: 'order', phrase: 'where is my order' },
  { intent: 'order', phrase: 'track my package' },
  { intent: 'pay', phrase: 'how can I pay' },
  { intent: 'pay', phrase: 'do you accept credit cards' },
]

describe('the classifier', () => {
  it('is the same for the same examples', async () => {
    const [one, two] = [await train(examples), await train(examples)]
    expect(one.classify('can I pay by card')).toEqual(two.classify('can I pay by card'))
  })

  it('gives the rival less confidence than the best, both within 0 and 1', async () => {
    const [best, next] = (await train(examples)).classify('where is my package')
    expect(best!.intent).toBe('order')
    expect(best!.confidence).toBeLessThanOrEqual(1)
    expect(next!.confidence).toBeGreaterThanOrEqual(0)
    expect(next!.confidence).toBeLessThan(best!.confidence)
  })

  it('grows modest with words it never saw', async () => {
    const classifier = await train(examples)
    const sure = classifier.classify('where is my order')[0]!.confidence
    const mixed = classifier.classify('where is my purple elephant grazing nowadays')[0]?.confidence ?? 0
    expect(1 - mixed).toBeGreaterThan(10 * (1 - sure))
    expect(classifier.classify('zzz qqq')).toEqual([])
  })

  it('works with one intent, and with none', async () => {
    const one = await train(examples.slice(0, 2))
    expect(one.classify('where is my order')[0]).toMatchObject({ intent: 'order' })
    expect(one.classify('where is my order')).toHaveLength(1)
    expect((await train([])).classify('where is my order')).toEqual([])
  })

  it('lets others run while it learns', async () => {
    const many = Array.from({ length: 3_000 }, (_, i) => ({
      intent: `i${i % 60}`,
      phrase: `word${i % 60} other${i % 7} more${i}`,
    }))
    let breaths = 0
    let done = false
    const count = () => {
      breaths++
      if (!done) setImmediate(count)
    }
    setImmediate(count)
    await train(many)
    done = true
    expect(breaths).toBeGreaterThan(10)
  })
})

interface Clinc {
  readonly train: ReadonlyArray<[string, string]>
  readonly val: ReadonlyArray<[string, string]>
  readonly oos_val: ReadonlyArray<[string, string]>
}

const data = process.env.BATON_DATA ?? new URL('../../../shared/data', import.meta.url).pathname
const file = join(data, 'clinc150-train.json')
const isThere = existsSync(file)
if (!isThere) console.info(`CLINC150 is skipped: ${file} is missing; set BATON_DATA to the folder that has it`)

describe.skipIf(!isThere)('on CLINC150, 150 intents, at the default threshold', () => {
  const threshold = 0.4

  it('is right, and knows what it does not know', { timeout: 120_000 }, async () => {
    const clinc = JSON.parse(readFileSync(file, 'utf8')) as Clinc
    const classifier = await train(clinc.train.map(([phrase, intent]) => ({ phrase, intent })))
    const inScope = measure(classifier, clinc.val)
    const outside = measure(classifier, clinc.oos_val)
    const report = {
      accuracy: inScope.right,
      accuracyAboveThreshold: inScope.accepted,
      inScopeRejected: inScope.rejected,
      outOfScopeRecall: outside.rejected,
      calibrationError: inScope.calibrationError,
    }
    console.info('CLINC150', report)
    expect(report.accuracy).toBeGreaterThan(0.91)
    expect(report.accuracyAboveThreshold).toBeGreaterThan(0.89)
    expect(report.inScopeRejected).toBeLessThan(0.06)
    expect(report.outOfScopeRecall).toBeGreaterThan(0.65)
    expect(report.calibrationError).toBeLessThan(0.05)
  })

  function measure(classifier: Classifier, said: ReadonlyArray<[string, string]>) {
    let right = 0
    let accepted = 0
    let rejected = 0
    const bins = Array.from({ length: 10 }, () => ({ count: 0, right: 0, confidence: 0 }))
    for (const [phrase, intent] of said) {
      const [best] = classifier.classify(phrase)
      const isRight = best?.intent === intent
      const confidence = best?.confidence ?? 0
      if (isRight) right++
      if (confidence < threshold) rejected++
      else if (isRight) accepted++
      const bin = bins[Math.min(9, Math.floor(confidence * 10))]!
      bin.count++
      bin.confidence += confidence
      if (isRight) bin.right++
    }
    const calibrationError = bins.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) / said.length
    return {
      right: right / said.length,
      accepted: accepted / said.length,
      rejected: rejected / said.length,
      calibrationError,
    }
  }
})
