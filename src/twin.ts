/**
 * The twin kit: a vendor played on this machine. A twin speaks the vendor's protocol over a real socket, with its errors,
 * limits, signatures and redeliveries, is written from what the vendor documents, and can be told to misbehave. It serves
 * tests and `baton sandbox`; a hub that was started for real never opens one.
 */
import type { Clock } from './clock.ts'
import type { TwinCall } from './twin/server.ts'
import type { Misbehaviour } from './twin/troubles.ts'

export { type Delivery, type DeliveryOptions, openDelivery, type Webhook } from './twin/delivery.ts'
export {
  type Grpc,
  type GrpcMethod,
  type GrpcTwinServer,
  grpcCodes,
  grpcFailure,
  openGrpcTwinServer,
} from './twin/grpc-server.ts'
export {
  openTwinServer,
  type TwinCall,
  type TwinServer,
  type TwinServerOptions,
  type VendorAnswer,
} from './twin/server.ts'
export {
  createTroubles,
  isAfter,
  type Misbehaviour,
  type Trouble,
  type Troubles,
  troubles,
  type WebhookTrouble,
  webhookTroubles,
} from './twin/troubles.ts'

export interface TwinOptions {
  /** The connection's name. */
  readonly name: string
  /** As the YAML has them; a secret that is not set holds some text all the same. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Where the hub takes this connection's webhooks: what the connection knows as `host.url`. */
  readonly hooksUrl: string
  readonly clock?: Clock
}

export interface Twin {
  /** What replaces the connection's settings of the same names, so that it talks to this twin. */
  readonly settings: Readonly<Record<string, unknown>>
  /** From now on; nothing: behaves again. What is on its way is not changed. */
  misbehave(how?: Misbehaviour): void
  /** How many calls and webhooks went wrong as told. */
  readonly misbehaved: number
  /** What it was asked, oldest first, at most the last thousand. */
  readonly calls: readonly TwinCall[]
  /** Resolves when no webhook is on its way or waits to be sent again. */
  delivered(): Promise<void>
  /** The vendor's side, for a person to look at and to play. */
  view(): TwinView
  /** Does what a button of `view` says. Throws HubError `invalid` or `unknown`, with words for whoever pressed it. */
  act(act: TwinAct): Promise<void>
  close(): Promise<void>
}

/** What the page of a twin shows. */
export interface TwinView {
  /** The product, as its users know it. */
  readonly title: string
  /** What a person can do here and, while there is nothing yet, what to do first. */
  readonly hint: string
  /** Things of the whole: agents and their state, counts. */
  readonly facts: readonly { readonly label: string; readonly value: string }[]
  readonly buttons: readonly TwinButton[]
  /** Tickets, conversations, sessions or invitations; the newest first. */
  readonly cases: readonly TwinCase[]
}

export interface TwinCase {
  readonly id: string
  readonly title: string
  /** In the vendor's word: open, solved, closed… */
  readonly state: string
  readonly lines: readonly TwinLine[]
  readonly buttons: readonly TwinButton[]
}

export interface TwinLine {
  readonly by: string
  readonly text: string
  readonly visibility?: 'public' | 'internal'
  /** Epoch milliseconds. */
  readonly at?: number
}

export interface TwinButton {
  /** Unique within its case, or among the buttons of the whole. */
  readonly do: string
  readonly label: string
  /** What is asked for before: words, or one of `choices`. */
  readonly input?: { readonly label: string; readonly choices?: readonly string[] }
}

export interface TwinAct {
  readonly do: string
  /** The case it belongs to; none for a button of the whole. */
  readonly case?: string
  readonly input?: string
}
