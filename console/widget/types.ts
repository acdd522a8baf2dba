/** What the widget's modules hand to each other. */
import type { VisibleEntry, VisiblePart, VisibleState } from '../../connectors/webchat/frames.ts'
import type { Outgoing } from '../link.ts'

export type Entry = VisibleEntry
export type State = VisibleState
export type Part = VisiblePart
export type PartOf<K extends Part['kind']> = Extract<Part, { kind: K }>

/** The answer of `GET /config`. */
export interface Config {
  readonly title: string
  readonly greeting?: string
  /** #rrggbb */
  readonly color: string
  readonly languages: readonly string[]
  readonly textLength: number
  readonly files: { readonly maxBytes: number; readonly types: readonly string[] }
}

/** The script tag's data. */
export interface Options {
  readonly connection: string
  /** Address of the chat at the hub, without a trailing slash. */
  readonly base: string
  /** The chat is the page. */
  readonly isPage: boolean
  readonly lang?: string
  readonly side?: string
  readonly theme?: string
  readonly launcher?: string
  readonly open?: string
}

/** One thing said by this visitor that the hub may not have yet. */
export interface Item extends Outgoing {
  text?: string
  choice?: string
  /** The id that the upload returned. */
  file?: string
  fileName?: string
}

/** A file on its way to the hub, before it is said. */
export interface Upload {
  readonly id: string
  readonly file: File
  /** 0 to 1. */
  readonly done: number
  /** Why it is not on its way any more. */
  readonly problem?: string
  readonly canRetry?: boolean
}

export type PostedFile = { readonly id: string; readonly name: string }
