/** The shipped policy, as data: each limit of each criterion has its name here and may be changed in a mapping. */
export type Action = 'offer' | 'escalate'
export type Priority = 'normal' | 'high' | 'urgent'

/** In order of strength: among criteria that fire with the same action, the first one is the reason given. */
export const defaults = {
  human_request: {
    /** From here a wish is clear: escalates, on the very first message offers. */
    clear: 0.8,
    /** From here a wish is vague: offers. */
    vague: 0.5,
    /** A wish at least this clear counts; the second one escalates. */
    again: 0.7,
  },
  safety: {},
  bot_request: {},
  bot_down: {
    /** Turns the bot failed in a row. */
    failures: 1,
  },
  no_match: {
    /** Turns in a row that the bot did not understand, to offer and to escalate. */
    consecutive: 2,
    escalate: 3,
    /** Such turns in the whole episode, to offer. */
    total: 3,
  },
  low_confidence: {
    /** A turn is unsure below this. */
    below: 0.45,
    /** Also below this, when the runner-up is nearer than `gap`. */
    unsure: 0.6,
    gap: 0.1,
    /** So many unsure turns within the last `window`. */
    turns: 2,
    window: 3,
    /** Intents that need more certainty, and how much. */
    sensitive: [] as string[],
    strict: 0.8,
    /** A limit of its own for an intent. */
    intents: {} as Record<string, number>,
  },
  loop: {
    /** Two customer messages are the same from here (shared content words, 0 to 1). */
    similarity: 0.85,
    /** So many times the same, within the last `window` customer messages. */
    repeats: 3,
    window: 5,
  },
  kb_empty: {
    /** A search whose best article is below this found nothing. */
    relevance: 0.3,
    /** So many such searches in the episode. */
    turns: 2,
  },
  frustration: {
    /** Escalates at or below, in one message. */
    strong: -0.6,
    /** Offers at or below, in `turns` of the last `window` messages. */
    mild: -0.3,
    turns: 2,
    window: 3,
    /** Shouting and swearing offer, whatever the score. */
    loud: true,
  },
  complexity: {
    /** Intents in one message. */
    intents: 2,
    /** Slots still open after so many customer turns. */
    slots: 4,
    turns: 6,
    /** Kinds of files that the bot can read (`image/*`); any other file offers. */
    readable: [] as string[],
  },
  duration: {
    /** Without a goal reached; the customer's pauses do not count. */
    minutes: 8,
    turns: 12,
  },
  value: {
    /** Off until one of the two is set. */
    segments: [] as string[],
    above: undefined as number | undefined,
  },
  bot_feedback: {
    /** Thumbs down and "no" to "did this help?". */
    downs: 2,
  },
  composite: {
    /** Weighted sum of the early signs below. */
    offer: 1,
    escalate: 1.5,
    weights: { no_match: 0.5, low_confidence: 0.4, loop: 0.5, negative: 0.5, long: 0.3, kb_empty: 0.3 },
    /** The early signs: the customer said it twice, so many turns, so many minutes; the others count from their first time. */
    repeats: 2,
    turns: 8,
    minutes: 5,
  },
}

export type Policy = typeof defaults
export type DefaultName = keyof Policy
export const defaultNames = Object.keys(defaults) as DefaultName[]

export const guardDefaults = {
  /** One offer an episode; another one after so many more customer turns. */
  offerAfter: 5,
  /** Customer turns after a return from people in which only the strongest criteria count. */
  coolDown: 3,
  /** What a declined offer leaves of the composite's weights. */
  declined: 0.5,
}
export type Guards = typeof guardDefaults

/** Where a criterion does not name its own. */
export const priorities: Partial<Record<DefaultName, Priority>> = { safety: 'urgent', bot_down: 'high' }
/** Anger that escalates should not wait behind small questions. */
export const angerPriority: Priority = 'high'

/** These count in the cool-down too: somebody must speak, or the customer asked for it. */
export const passesCoolDown: ReadonlySet<string> = new Set(['safety', 'human_request', 'bot_request', 'bot_down'])
/** These do not wait for what `require` demands; a second wish for a person does not either. */
export const passesRequire: ReadonlySet<string> = new Set(['safety', 'bot_request', 'bot_down'])

/** Strength: safety before all, then as listed above. */
export const strength: readonly DefaultName[] = ['safety', ...defaultNames.filter((name) => name !== 'safety')]
