/**
 * Which intent a sentence means, and how sure that is. One logistic regression for each intent against the rest, trained by
 * stochastic gradient descent at start; then a calibration that turns the raw scores into a probability.
 */
import { type Breathe, breather } from './breath.ts'
import { type Features, featuresOf } from './features.ts'
import { openSpace, type Space, sentenceWork, type Vector } from './space.ts'

export interface Example {
  readonly intent: string
  readonly phrase: string
}

export interface Guess {
  readonly intent: string
  /** 0 to 1: of the guesses with 0.8, about eight in ten are right. */
  readonly confidence: number
}

export interface Classifier {
  /** The best intents, best first, at most two. Empty when nothing was learned or no word of the sentence is known. */
  classify(sentence: string): readonly Guess[]
}

const rate = 4
const biasRate = 0.4

/** Trains in slices and lets the event loop run in between, so that turns go on meanwhile. The same examples give the same classifier. */
export async function train(examples: readonly Example[]): Promise<Classifier> {
  const breathe = breather()
  const intents = [...new Set(examples.map((example) => example.intent))]
  const place = new Map(intents.map((intent, index) => [intent, index]))
  const features: Features[] = []
  for (const { phrase } of examples) {
    features.push(featuresOf(phrase))
    await breathe(sentenceWork)
  }
  const space = await openSpace(features, breathe)
  const vectors: Vector[] = []
  for (const one of features) {
    vectors.push(space.vectorOf(one))
    await breathe(sentenceWork)
  }
  const truth = Int32Array.from(examples, (example) => place.get(example.intent)!)
  const weights = await fit(vectors, truth, intents.length, space.size, breathe)
  return { classify: (sentence) => classify(sentence, intents, space, weights) }
}

interface Weights {
  /** Row after row, one row of all intents for each feature: one sweep through memory for each feature of a sentence. */
  readonly rows: Float32Array
  readonly bias: Float32Array
}

async function fit(
  vectors: readonly Vector[],
  truth: Int32Array,
  classes: number,
  size: number,
  breathe: Breathe,
): Promise<Weights> {
  const weights: Weights = { rows: new Float32Array(size * classes), bias: new Float32Array(classes) }
  const order = Uint32Array.from(vectors, (_, index) => index)
  const random = seededRandom(1)
  const scores = new Float32Array(classes)
  const epochs = Math.max(4, Math.min(30, Math.round(40_000 / Math.max(1, vectors.length))))
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random)
    const step = 1 - epoch / epochs
    for (const index of order) {
      learn(weights, vectors[index]!, truth[index]!, step, scores)
      await breathe(2 * classes * vectors[index]!.ids.length)
    }
  }
  return weights
}

function learn(weights: Weights, vector: Vector, truth: number, step: number, errors: Float32Array): void {
  score(weights, vector, errors)
  const classes = errors.length
  for (let k = 0; k < classes; k++) errors[k] = 1 / (1 + Math.exp(-errors[k]!))
  errors[truth]! -= 1
  for (let k = 0; k < classes; k++) weights.bias[k]! -= step * biasRate * errors[k]!
  for (let j = 0; j < vector.ids.length; j++) {
    const row = vector.ids[j]! * classes
    const pull = step * rate * vector.values[j]!
    for (let k = 0; k < classes; k++) weights.rows[row + k]! -= pull * errors[k]!
  }
}

function score(weights: Weights, vector: Vector, into: Float32Array): void {
  into.set(weights.bias)
  const classes = into.length
  for (let j = 0; j < vector.ids.length; j++) {
    const row = vector.ids[j]! * classes
    const value = vector.values[j]!
    for (let k = 0; k < classes; k++) into[k]! += value * weights.rows[row + k]!
  }
}

function classify(sentence: string, intents: readonly string[], space: Space, weights: Weights): Guess[] {
  const vector = space.vectorOf(featuresOf(sentence))
  if (intents.length === 0 || vector.known === 0) return []
  const scores = new Float32Array(intents.length)
  score(weights, vector, scores)
  const [first, second] = bestTwo(scores)
  const guess = (at: number, rival: number): Guess => ({
    intent: intents[at]!,
    confidence: calibrate(scores[at]!, scores[at]! - (scores[rival] ?? loneRival), vector.known),
  })
  return second < 0 ? [guess(first, second)] : [guess(first, second), guess(second, first)]
}

/** The rival's score where there is only one intent: about what an unfit intent scores. */
const loneRival = -4

/**
 * Raw score, lead over the rival and share of known words to a probability. The four numbers are a logistic regression over
 * 16,000 sentences (a sixth of them outside every intent) at 10 to 150 intents with 4 to 80 phrases each, so that one threshold serves
 * a shop with fifty phrases and a bank with fifteen thousand. README.md has the figures on sentences not used for it.
 */
function calibrate(raw: number, lead: number, known: number): number {
  return 1 / (1 + Math.exp(3.4 - 0.27 * raw - 0.58 * lead - 4 * known))
}

function bestTwo(scores: Float32Array): [number, number] {
  let first = 0
  let second = -1
  for (let k = 1; k < scores.length; k++) {
    if (scores[k]! > scores[first]!) {
      second = first
      first = k
    } else if (second < 0 || scores[k]! > scores[second]!) second = k
  }
  return [first, second]
}

function shuffle(order: Uint32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
}

/** A linear congruential generator: the same start gives the same classifier on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state / 0x80000000
  }
}
