/** What the widget's modules hand to each other. Types only: no browser ever fetches this file. */

/** One thing said by this visitor that the hub has not acknowledged yet. */
export interface Item {
  id: string
  /** Epoch milliseconds of this browser: the order in which it was said. */
  at: number
  text?: string
  choice?: string
  /** The id the upload returned. */
  file?: string
  fileName?: string
  /** Why the hub refused it for good. */
  failed?: string
}

/** What one browser keeps of one chat. */
export interface Kept {
  token?: string
  outbox: Item[]
  /** Surveys answered or waved away. */
  surveys: string[]
}

/** What the link reports. */
export interface Heard {
  state(state: State): void
  entries(entries: Entry[]): void
  typing(typing: { on: boolean; by: string; expiresIn: number }): void
  /** The read mark, from any screen of this visitor. */
  read(seq: number): void
  /** Acknowledged: it will not be lost. */
  sent(id: string): void
  failed(item: Item): void
  online(isOnline: boolean): void
  /** The chat cannot be used here, nothing is tried again; with an empty message: now it can. */
  refused(message: string): void
  /** Another thread: what was shown is not of this visitor any more. */
  renewed(): void
}

export interface State {
  now: number
  control: 'bot' | 'waiting' | 'agent' | 'closed'
  agent?: string
  seq: number
  read: number
}

export interface Entry {
  seq: number
  id: string
  at: number
  by: 'customer' | 'bot' | 'agent' | 'hub'
  name?: string
  message: { parts: Record<string, unknown>[]; choice?: string }
  /** The client id of this visitor's own message. */
  client?: string
}

/** What the view reports of the person. */
export interface Does {
  toggle(): void
  close(): void
  /** False: keep the text where it is. */
  say(text: string): boolean
  /** Each change of the draft. */
  write(text: string): void
  attach(files: File[]): void
  leave(): void
  /** The newest message may have come in sight. */
  seen(): void
}

/** What the view is made of. */
export interface Made {
  /** The answer of `GET /config`. */
  config: {
    title: string
    greeting?: string
    color: string
    textLength: number
    files: { maxBytes: number; types: string[] }
  }
  /** The script tag's data. */
  options: Record<string, string | undefined> & { isPage?: boolean }
  words: Words
  language: string
  draft: string
  does: Does
}

export interface LinkMade {
  /** Address of the chat, without a trailing slash. */
  base: string
  // biome-ignore lint/suspicious/noExplicitAny: what createStore of store.js returns
  store: any
  /** Sent when a session begins: language, time zone. */
  about: object
  hear: Heard
}

export type Words = (key: string, values?: Record<string, string | number>) => string

/** What a part of a message needs of its surroundings to be drawn. */
export interface Around {
  base: string
  words: Words
  /** A person's own words: an asterisk is one. */
  isPlain: boolean
  /** Choices and survey can still be answered. */
  isOpen: boolean
  picked?: string
  isAnswered(part: object): boolean
  onChoice(choice: { label: string; value: string }): void
  onSurvey(part: object): void
}
