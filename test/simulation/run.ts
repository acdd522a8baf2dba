/** `node test/simulation/run.ts --worlds 100000 --from 1`: runs many worlds, prints progress, totals and every kind of broken promise. */
import { parseArgs } from 'node:util'
import { runWorld } from './world.ts'

const { values } = parseArgs({
  options: { worlds: { type: 'string', default: '10000' }, from: { type: 'string', default: '1' } },
})
const [worlds, from] = [Number(values.worlds), Number(values.from)]
const broken = new Map<string, { seeds: number[]; text: string }>()
const began = performance.now()
let events = 0
for (let seed = from; seed < from + worlds; seed++) {
  const result = runWorld(seed)
  events += result.events
  if (result.broken !== undefined) {
    const known = broken.get(result.broken) ?? { seeds: [], text: result.text! }
    known.seeds.push(seed)
    broken.set(result.broken, known)
  }
  const isDone = seed - from + 1
  if (isDone % 10_000 === 0) console.log(`${isDone} worlds, ${events} events`)
}
const seconds = ((performance.now() - began) / 1000).toFixed(1)
for (const [promise, { seeds, text }] of broken) {
  console.log(`\n${promise}: broken in ${seeds.length} worlds: ${seeds.slice(0, 10).join(' ')}\n${text}`)
}
const failed = [...broken.values()].reduce((sum, { seeds }) => sum + seeds.length, 0)
console.log(`${worlds} worlds, ${events} events, ${seconds} s, ${failed} worlds with a broken promise`)
process.exitCode = failed > 0 ? 1 : 0
