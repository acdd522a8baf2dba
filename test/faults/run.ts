/**
 * `npm run faults -- --rounds 200 --json`: plays the scenarios over the set-ups, keeps the ledger, and fails when a
 * promise was broken. `--at-once 2`: so many set-ups beside one another, since a round is mostly waiting.
 */
import { parseArgs } from 'node:util'
import { isSound, type Total, table, totalOf } from './report.ts'
import { playRound, type RoundResult } from './round.ts'
import { type Scenario, type ScenarioName, scenarioNames, scenarios } from './scenarios.ts'
import { openStage, type SetupName, type Stage, setupNames, setups } from './stage.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    setup: { type: 'string', multiple: true },
    'at-once': { type: 'string', default: '1' },
  },
})
const tell = (line: string) => void process.stderr.write(`${line}\n`)
const write = (line: string) => void process.stdout.write(`${line}\n`)

function named<Name extends string>(
  flag: string,
  given: readonly string[] | undefined,
  names: readonly Name[],
): Name[] {
  const wrong = given?.find((one) => !names.includes(one as Name))
  if (wrong !== undefined) throw new Error(`--${flag} is "${wrong}". Allowed: ${names.join(', ')}.`)
  return (given as Name[] | undefined) ?? [...names]
}

function countOf(flag: string, given: string): number {
  const count = Number(given)
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${flag} is "${given}". Right is a whole number from 1.`)
  return count
}

interface Pair {
  readonly setup: SetupName
  readonly scenario: ScenarioName
}

interface Planned extends Pair {
  readonly seed: number
}

/** Every pair once, then again, until there are enough; one set-up after the other, since each has to be started. */
function plan(rounds: number, seed: number, only: readonly ScenarioName[], on: readonly SetupName[]): Planned[] {
  const pairs = on.flatMap((setup) => only.map((scenario) => ({ setup, scenario }))).filter((one) => !skipped(one))
  if (pairs.length === 0) throw new Error('None of these scenarios can be played on these set-ups.')
  // Scenario by scenario, so that few rounds are spread over all of them.
  pairs.sort((a, b) => only.indexOf(a.scenario) - only.indexOf(b.scenario))
  const step = Math.max(1, Math.floor(pairs.length / rounds))
  const chosen = Array.from({ length: rounds }, (_, index) => pairs[(index * step) % pairs.length]!)
  return chosen
    .sort((a, b) => on.indexOf(a.setup) - on.indexOf(b.setup))
    .map((pair, index) => ({ ...pair, seed: seed + index }))
}

const skipped = ({ setup, scenario }: Pair): string | undefined =>
  (scenarios[scenario] as Scenario).skipped?.(setups[setup])

const onSmallDisk = (scenario: ScenarioName): boolean => (scenarios[scenario] as Scenario).onSmallDisk === true

/** Rounds of one name share engines and hubs. */
const stageOf = ({ setup, scenario }: Pair): string => `${setup} ${onSmallDisk(scenario)}`

const open = new Set<Stage>()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void Promise.all([...open].map((stage) => stage.close())).finally(() => process.exit(1)))

/** The rounds of one stage, one after the other. */
async function playOn(rounds: readonly Planned[], tellResult: (result: RoundResult) => void): Promise<void> {
  const [{ setup, scenario: first }] = rounds as [Planned]
  const stage = await openStage(setup, onSmallDisk(first))
  open.add(stage)
  try {
    for (const { scenario, seed } of rounds) {
      tellResult(await playRound(stage, scenario, seed))
      for (const hub of stage.hubs) if (!hub.isRunning) await hub.start()
    }
  } finally {
    open.delete(stage)
    await stage.close()
  }
}

async function run(): Promise<boolean> {
  const began = performance.now()
  const planned = plan(
    countOf('rounds', values.rounds),
    countOf('seed', values.seed),
    named('only', values.only, scenarioNames),
    named('setup', values.setup, setupNames),
  )
  const results: RoundResult[] = []
  const tellResult = (result: RoundResult) => {
    results.push(result)
    tell(sentenceOf(result, results.length, planned.length))
    for (const wrong of result.wrong.slice(0, 20)) tell(`    ${wrong}`)
    if (values.json) write(JSON.stringify(result))
  }
  // The longest first, so that no worker is left alone with it at the end.
  const stages = [...Map.groupBy(planned, stageOf).values()].sort((a, b) => b.length - a.length)
  const work = async () => {
    for (let rounds = stages.shift(); rounds; rounds = stages.shift()) await playOn(rounds, tellResult)
  }
  await Promise.all(Array.from({ length: countOf('at-once', values['at-once']) }, work))
  const total: Total = totalOf(results, (performance.now() - began) / 1000)
  if (!values.json) for (const line of table(results)) write(line)
  write(JSON.stringify({ total }))
  return isSound(total)
}

function sentenceOf(result: RoundResult, index: number, of: number): string {
  const { scenario, setup, seed, conversations, messages, seconds, recoverySeconds, doubtful } = result
  const verdict = isSound(totalOf([result], seconds)) ? 'kept' : 'BROKEN'
  return (
    `${index}/${of} ${verdict} ${scenario} on ${setup}, seed ${seed}: ${conversations} conversations, ${messages} messages, ` +
    `${doubtful} doubtful, healed in ${recoverySeconds.toFixed(1)} s, ${seconds.toFixed(1)} s`
  )
}

// Whatever a killed hub left open here is no reason to stay.
process.exit((await run()) ? 0 : 1)
