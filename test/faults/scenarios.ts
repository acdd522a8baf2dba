/** The faults, each a named scenario: it begins when conversations are under way and ends healed. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../simulation/random.ts'
import { noClock } from './clock.ts'
import type { Delivery } from './delivery.ts'
import { noDisk } from './disk.ts'
import { deskManners, lineManners } from './outside.ts'
import type { Hub, Stage } from './stage.ts'
import type { Moment, Trouble } from './twin.ts'

export interface Scene {
  readonly stage: Stage
  readonly random: Random
  readonly delivery: Delivery
}

export interface Scenario {
  /** What is done, for the table. */
  readonly what: string
  /** Why it cannot be played on this set-up; undefined where it can. */
  skipped?(setup: { hubs: number; redis: boolean }): string | undefined
  /** Needs PostgreSQL on a small disk of its own. */
  readonly onSmallDisk?: boolean
  play(scene: Scene): Promise<void>
  /** Once every customer has seen their end. */
  after?(scene: Scene): Promise<void>
}

const needsRedis = ({ redis }: { redis: boolean }) => (redis ? undefined : 'there is no Redis in this set-up')
const needsHubs = ({ hubs }: { hubs: number }) => (hubs > 1 ? undefined : 'there is one hub in this set-up')

const desks = Object.keys(deskManners)
const lines = Object.keys(lineManners)
const everybody = [...desks, ...lines, 'bot']

/** Calls go wrong for some seconds, at some of the connections. */
const vendorsDo = (what: string, ways: readonly Trouble[], more: Partial<Scenario> = {}): Scenario => ({
  what,
  async play({ stage, random }) {
    const { twin } = stage.outside
    await sleep(random.whole(0, 600))
    twin.misbehave(ways, random.pick([desks, lines, everybody]), random.pick([0.15, 0.3, 0.6]), random)
    await sleep(random.whole(1_500, 4_000))
    twin.behave()
  },
  ...more,
})

/** All hubs die at one exact moment, some times over: `arm` says when. */
const killAt = (what: string, arm: (scene: Scene, strike: () => void) => void): Scenario => ({
  what: `kill -9 of all hubs ${what}`,
  async play(scene) {
    const { stage, random } = scene
    for (let times = random.whole(2, 4); times > 0; times--) {
      await sleep(random.whole(100, 900))
      await new Promise<void>((struck) => {
        setTimeout(struck, 5_000).unref()
        arm(scene, () => void Promise.all(stage.hubs.map((hub) => hub.kill())).then(() => struck()))
      })
      stage.outside.twin.behave()
      for (const hub of stage.hubs) hub.toPostgres.heal()
      for (const hub of stage.hubs) if (!hub.isRunning) await hub.start()
    }
  },
})

const atCommit = (what: 'packet' | 'answer') => (scene: Scene, strike: () => void) => {
  let isDone = false
  const once = () => {
    if (!isDone) strike()
    isDone = true
  }
  for (const hub of scene.stage.hubs) hub.toPostgres.swallow('COMMIT', what, once)
}
const atCall = (moment: Moment) => (scene: Scene, strike: () => void) =>
  scene.stage.outside.twin.strikeAt(moment, strike)

async function killAndStart(hub: Hub, random: Random): Promise<void> {
  await hub.kill()
  await sleep(random.whole(0, 500))
  await hub.start()
}

export const scenarios = {
  'hub-kill': {
    what: 'kill -9 of a hub, started again',
    async play({ stage, random }) {
      for (let times = random.whole(1, 2); times > 0; times--) {
        await sleep(random.whole(300, 1_500))
        await killAndStart(random.pick(stage.hubs), random)
      }
    },
  },
  'all-hubs-kill': {
    what: 'kill -9 of all hubs at the same moment, started again one by one',
    skipped: needsHubs,
    async play({ stage, random }) {
      await sleep(random.whole(300, 2_000))
      await Promise.all(stage.hubs.map((hub) => hub.kill()))
      for (const hub of stage.hubs) await hub.start()
    },
  },
  'kill-before-commit': killAt('when one sends its commit, which never arrives', atCommit('packet')),
  'kill-after-commit': killAt('when one has committed and does not know yet', atCommit('answer')),
  'kill-before-effect': killAt('when one calls a vendor, which does nothing', atCall('call')),
  'kill-after-effect': killAt('when a vendor has done what it was asked, before it answers', atCall('effect')),
  'kill-after-answer': killAt('when a vendor has answered, before that is on record', atCall('answer')),
  'postgres-kill': {
    what: 'kill -9 of every process of PostgreSQL, restarted at once',
    async play({ stage, random }) {
      for (let times = random.whole(1, 2); times > 0; times--) {
        await sleep(random.whole(300, 1_500))
        await stage.postgres.crash()
      }
    },
  },
  'redis-kill': {
    what: 'kill -9 of Redis, restarted empty after 0 to 3 s',
    skipped: needsRedis,
    async play({ stage, random }) {
      await sleep(random.whole(300, 1_500))
      await stage.redis!.kill()
      await sleep(random.whole(0, 3_000))
      await stage.redis!.start()
    },
  },
  'redis-flush': {
    what: 'FLUSHALL, several times',
    skipped: needsRedis,
    async play({ stage, random }) {
      for (let times = 0; times < 5; times++) {
        await sleep(random.whole(100, 700))
        await stage.redis!.flush()
      }
    },
  },
  'postgres-cut': {
    what: 'network between one hub and PostgreSQL cut for 1 to 5 s',
    async play({ stage, random }) {
      const hub = random.pick(stage.hubs)
      await sleep(random.whole(300, 1_500))
      hub.toPostgres.cut()
      await sleep(random.whole(1_000, 5_000))
      hub.toPostgres.heal()
    },
  },
  'postgres-silent': {
    what: 'connections between one hub and PostgreSQL half-open for 1 to 5 s',
    async play({ stage, random }) {
      const hub = random.pick(stage.hubs)
      await sleep(random.whole(300, 1_500))
      hub.toPostgres.silence()
      await sleep(random.whole(1_000, 5_000))
      hub.toPostgres.heal()
    },
  },
  'redis-cut': {
    what: 'network between one hub and Redis cut for 1 to 5 s',
    skipped: needsRedis,
    async play({ stage, random }) {
      const hub = random.pick(stage.hubs)
      await sleep(random.whole(300, 1_500))
      hub.toRedis!.cut()
      await sleep(random.whole(1_000, 5_000))
      hub.toRedis!.heal()
    },
  },
  'redis-silent': {
    what: 'connections between one hub and Redis half-open for 1 to 5 s',
    skipped: needsRedis,
    async play({ stage, random }) {
      const hub = random.pick(stage.hubs)
      await sleep(random.whole(300, 1_500))
      hub.toRedis!.silence()
      await sleep(random.whole(1_000, 5_000))
      hub.toRedis!.heal()
    },
  },
  'vendor-limits': vendorsDo('the vendors answer 429 with Retry-After', ['limits']),
  'vendor-errors': vendorsDo('the vendors answer 500, with and without having done it', ['errors', 'errorsAfter']),
  'vendor-hangs': vendorsDo('the vendors do not answer for 15 s, with and without having done it', [
    'hangs',
    'hangsAfter',
  ]),
  'vendor-resets': vendorsDo('the vendors reset the connection before the effect', ['resets']),
  'vendor-resets-after': vendorsDo('the vendors reset the connection after the effect', ['resetsAfter']),
  'vendor-malformed': vendorsDo('the vendors answer what cannot be read', ['malformed']),
  'webhook-copies': {
    what: 'webhooks three times each, at different hubs, up to 1.5 s late',
    async play({ delivery }) {
      delivery.duplicate(3, 1_500)
      await sleep(2_500)
    },
  },
  'webhook-disorder': {
    what: 'webhooks of different conversations overtake each other',
    async play({ delivery }) {
      delivery.delay(700)
      delivery.duplicate(2, 700)
      await sleep(2_500)
      delivery.delay(0)
    },
  },
  'webhook-late': {
    what: 'webhooks tell what happened an hour ago, and all come once more when everything is over',
    async play({ delivery }) {
      delivery.keep(3_600_000)
      await sleep(1_000)
    },
    after: ({ delivery }) => delivery.again(),
  },
  'clock-steps': {
    what: 'the clock of one hub is an hour ahead, then an hour behind, then right',
    skipped: () => noClock,
    async play({ stage, random }) {
      const hub = random.pick(stage.hubs)
      await hub.stop()
      await hub.start(hub.clock!.env)
      for (const seconds of [3_600, -3_600, 0]) {
        await hub.clock!.step(seconds)
        await sleep(random.whole(1_500, 2_500))
      }
      await hub.stop()
      await hub.start()
    },
  },
  'disk-full': {
    what: 'no room on the disk of PostgreSQL for 2 to 5 s',
    skipped: () => noDisk,
    onSmallDisk: true,
    async play({ stage, random }) {
      await sleep(random.whole(300, 1_500))
      await stage.disk!.fill()
      await sleep(random.whole(2_000, 5_000))
      await stage.disk!.empty()
    },
  },
  'hub-pause': {
    what: 'SIGSTOP of a hub for longer than its leases, then SIGCONT',
    async play({ stage, random }) {
      const hub = random.pick(stage.hubs)
      await sleep(random.whole(300, 1_500))
      hub.pause()
      await sleep(stage.leaseMs + random.whole(500, 2_000))
      hub.resume()
    },
  },
  'rolling-restart': {
    what: 'SIGTERM of each hub in turn, started again',
    async play({ stage }) {
      for (const hub of stage.hubs) {
        await hub.stop()
        await hub.start()
      }
    },
  },
} satisfies { readonly [name: string]: Scenario }

export type ScenarioName = keyof typeof scenarios
export const scenarioNames = Object.keys(scenarios) as ScenarioName[]
