/** What the bot has learned by now. Turns use the last finished model while the next one is being trained. */
import type { Clock } from '#hub/connector.ts'
import { type Classifier, train } from './classifier.ts'
import type { Content, FaqIntent } from './content.ts'
import { type Library, openLibrary } from './library.ts'

export interface Snapshot {
  readonly intents: ReadonlyMap<string, FaqIntent>
  readonly classifier: Classifier
  readonly library: Library
}

export interface Source {
  read(): Promise<Content>
  /** Changes when `read` would give something else. */
  stamp(): Promise<string>
}

export interface Model {
  /** The last finished model; every few seconds of use it looks, in the background, whether there is something new to learn. */
  current(): Snapshot
  /** Learns what is new by now. Resolves when turns use it; never rejects: a mistake in a file leaves the old model in place. */
  refresh(): Promise<void>
}

/** How long, at most, another hub's additions or an edited file go unnoticed while customers write. Milliseconds. */
const lookEveryMs = 5_000

export async function learn(content: Content): Promise<Snapshot> {
  const examples = content.intents.flatMap(({ name, phrases }) => phrases.map((phrase) => ({ intent: name, phrase })))
  return {
    intents: new Map(content.intents.map((intent) => [intent.name, intent])),
    classifier: await train(examples),
    library: openLibrary(content.articles),
  }
}

/** Throws what `source` throws the first time: a bot does not start on a broken file. `failed` hears of later mistakes. */
export async function openModel(source: Source, clock: Clock, failed: (error: unknown) => void): Promise<Model> {
  let stamp = await source.stamp()
  let snapshot = await learn(await source.read())
  let lookedAt = clock.now()
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  async function look(): Promise<void> {
    lookedAt = clock.now()
    const found = await source.stamp()
    if (found === stamp) return
    stamp = found
    snapshot = await learn(await source.read())
  }

  function run(): Promise<void> {
    const mine = look()
      .catch(failed)
      .finally(() => {
        running = undefined
      })
    running = mine
    return mine
  }

  /** A look that has begun may have missed the newest change, so whoever asks meanwhile shares one more look after it. */
  function refresh(): Promise<void> {
    if (!running) return run()
    next ??= running.then(() => {
      next = undefined
      return run()
    })
    return next
  }

  return {
    current() {
      if (!running && clock.now() - lookedAt >= lookEveryMs) void run()
      return snapshot
    },
    refresh,
  }
}
