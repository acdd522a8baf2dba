/** Recorded answers and our own, in the form of the REST API, through the wire and Google's library. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BotTurn } from '#hub/connector.ts'
import { text } from '#hub/message.ts'
import { expectWellFormed } from '../../../test/conformance/bot.ts'
import type { VendorStage } from '../../../test/vendor-stage.ts'
import { fromLibrary, type Library } from '../library.ts'
import type { DialogflowTwin } from '../twin.ts'

interface Codec {
  lookupType(name: string): { toObject(message: object, how: object): object }
}

/** `proto` is the package of the library's messages, `folder` where the recorded ones are. */
export function openAnswers(library: Library, proto: string, folder: string) {
  const shared = process.env.BATON_VENDORS ?? fileURLToPath(new URL('../../../../shared/vendors', import.meta.url))
  const recorded = `${shared}/fixtures/${folder}`
  const { protobuf } = fromLibrary(library, 'google-gax') as { protobuf: { Root: { fromJSON(json: object): Codec } } }
  const root = protobuf.Root.fromJSON(fromLibrary(library, './build/protos/protos.json') as object)
  const { fromProto3JSON, toProto3JSON } = fromLibrary(library, 'google-gax', 'proto3-json-serializer') as {
    fromProto3JSON(type: object, json: object): object
    toProto3JSON(message: object): object
  }
  const typeOf = (name: string) => root.lookupType(`${proto}.${name}`)
  /** As the library would have decoded it. */
  const message = (json: object, name = 'DetectIntentResponse'): object =>
    typeOf(name).toObject(fromProto3JSON(typeOf(name), json), { enums: String, longs: String })
  let count = 0

  return {
    message,
    /** Why the recorded ones cannot be read. */
    missing: existsSync(recorded) ? undefined : `no recorded payloads at ${recorded}`,
    bodyOf: (file: string): object => JSON.parse(readFileSync(`${recorded}/${file}`, 'utf8')).body,
    /** To the wire and back. */
    wired: (json: object, name: string): object => toProto3JSON(fromProto3JSON(typeOf(name), json)),
    /** What the bot makes of it when the twin answers so. */
    async read(on: VendorStage<DialogflowTwin>, json: object, inside = `answer-${++count}`): Promise<BotTurn> {
      on.twin.answerNext(message(json))
      const turn = await on.connection.bot!.turn(text('…'), inside, `key-${++count}`)
      expectWellFormed(turn)
      return turn
    },
  }
}
