/** What the `criteria:` block may contain, with the words an editor and the console show. Defaults come from the shipped policy. */
import { type TProperties, Type } from 'typebox'
import { variables } from './conditions.ts'
import { defaults, guardDefaults } from './defaults.ts'

const fraction = (title: string, description: string, value: number) =>
  Type.Optional(Type.Number({ title, description, minimum: 0, maximum: 1, default: value }))
const feeling = (title: string, description: string, value: number) =>
  Type.Optional(Type.Number({ title, description, minimum: -1, maximum: 1, default: value }))
const amount = (title: string, description: string, value: number) =>
  Type.Optional(Type.Integer({ title, description, minimum: 1, default: value }))
const weight = (title: string, description: string, value: number) =>
  Type.Optional(Type.Number({ title, description, minimum: 0, default: value }))
const names = (title: string, description: string) =>
  Type.Optional(Type.Array(Type.String({ minLength: 1 }), { title, description }))

const skills = names('Skills', 'What the agent must be able to do, as the desks name it.')
const priority = Type.Optional(
  Type.Union([Type.Literal('normal'), Type.Literal('high'), Type.Literal('urgent')], {
    title: 'Priority',
    description: 'How urgent the handoff is for the desk.',
  }),
)
const action = Type.Optional(
  Type.Union([Type.Literal('offer'), Type.Literal('escalate')], {
    title: 'Action',
    description: 'Offer a person, or hand over at once. Without it the criterion tells mild and strong cases apart.',
  }),
)
const off = Type.Optional(Type.Boolean({ title: 'Off', description: 'Switches the criterion off.' }))

const closed = <P extends TProperties>(title: string, description: string, properties: P) =>
  Type.Object(properties, { title, description, additionalProperties: false })
const criterion = <P extends TProperties>(title: string, description: string, limits: P) =>
  closed(title, description, { ...limits, action, priority, skills, off })

const known = Object.entries(variables)
  .map(([name, [type, meaning]]) => `${name} (${type}): ${meaning}`)
  .join('; ')
const when = Type.String({
  title: 'Condition',
  description: `When it fires, in CEL. Known are ${known}.`,
  minLength: 1,
  examples: ["customer.segment == 'gold' && turns >= 3"],
})
const words = Type.Optional(
  Type.String({ title: 'Words', description: 'The condition in plain words, for explanations.' }),
)

const d = defaults

export const limitsOf = {
  human_request: criterion(
    'Human request',
    'The customer asks for a person: a clear wish escalates, a vague one offers.',
    {
      clear: fraction('Clear', 'From this score a wish is clear.', d.human_request.clear),
      vague: fraction('Vague', 'From this score a wish is vague.', d.human_request.vague),
      again: fraction('Again', 'A second wish from this score escalates.', d.human_request.again),
    },
  ),
  safety: closed(
    'Safety',
    'Danger, threat, law, leaked data, emergency, accessibility. Cannot be switched off, only re-routed.',
    { skills },
  ),
  bot_request: criterion('Bot request', 'The bot asks for a person.', {}),
  bot_down: criterion('Bot down', 'The bot fails or does not answer in time.', {
    failures: amount('Failures', 'Turns failed in a row.', d.bot_down.failures),
  }),
  no_match: criterion('No match', 'The bot does not understand.', {
    consecutive: amount('Consecutive', 'Turns in a row, to offer.', d.no_match.consecutive),
    escalate: amount('Escalate', 'Turns in a row, to escalate.', d.no_match.escalate),
    total: amount('Total', 'Turns in the episode, to offer.', d.no_match.total),
  }),
  low_confidence: criterion('Low confidence', 'The bot is unsure of what it understood.', {
    below: fraction('Below', 'A turn is unsure below this confidence.', d.low_confidence.below),
    unsure: fraction('Unsure', 'Also below this one, when the runner-up is near.', d.low_confidence.unsure),
    gap: fraction('Gap', 'A runner-up nearer than this is near.', d.low_confidence.gap),
    turns: amount('Turns', 'Unsure turns within the window.', d.low_confidence.turns),
    window: Type.Optional(
      Type.Integer({
        title: 'Window',
        description: 'The last bot turns looked at.',
        minimum: 1,
        maximum: 5,
        default: d.low_confidence.window,
      }),
    ),
    sensitive: names('Sensitive intents', 'Intents that need more certainty.'),
    strict: fraction('Strict', 'What sensitive intents need.', d.low_confidence.strict),
    intents: Type.Optional(
      Type.Record(Type.String(), Type.Number({ minimum: 0, maximum: 1 }), {
        title: 'Intents',
        description: 'Intent to a limit of its own.',
      }),
    ),
  }),
  loop: criterion('Loop', 'The customer, or the bot, says the same again.', {
    similarity: fraction(
      'Similarity',
      'Two messages are the same from this share of common content words.',
      d.loop.similarity,
    ),
    repeats: amount('Repeats', 'Times the customer says the same within the window.', d.loop.repeats),
    window: Type.Optional(
      Type.Integer({
        title: 'Window',
        description: 'The last customer messages looked at.',
        minimum: 1,
        maximum: 6,
        default: d.loop.window,
      }),
    ),
  }),
  kb_empty: criterion('Nothing found', 'The knowledge searches find nothing.', {
    relevance: fraction('Relevance', 'A best article below this score is nothing.', d.kb_empty.relevance),
    turns: amount('Turns', 'Such searches in the episode.', d.kb_empty.turns),
  }),
  frustration: criterion('Frustration', 'The customer sounds angry.', {
    strong: feeling('Strong', 'Escalates at or below, in one message.', d.frustration.strong),
    mild: feeling('Mild', 'Counts at or below.', d.frustration.mild),
    turns: amount('Turns', 'Mild messages within the window, to offer.', d.frustration.turns),
    window: Type.Optional(
      Type.Integer({
        title: 'Window',
        description: 'The last customer messages looked at.',
        minimum: 1,
        maximum: 10,
        default: d.frustration.window,
      }),
    ),
    loud: Type.Optional(
      Type.Boolean({
        title: 'Loud',
        description: 'Shouting and swearing offer a person.',
        default: d.frustration.loud,
      }),
    ),
  }),
  complexity: criterion('Complexity', 'More than the bot can handle at once.', {
    intents: amount('Intents', 'In one message.', d.complexity.intents),
    slots: amount('Slots', 'Details still open after the turns below.', d.complexity.slots),
    turns: amount('Turns', 'Customer turns before open details count.', d.complexity.turns),
    readable: names('Readable files', 'Kinds of files the bot can read, as `image/*`; any other offers a person.'),
  }),
  duration: criterion('Duration', 'It takes long, and no goal is reached.', {
    minutes: Type.Optional(
      Type.Number({
        title: 'Minutes',
        description: 'Pauses of the customer left out.',
        exclusiveMinimum: 0,
        default: d.duration.minutes,
      }),
    ),
    turns: amount('Turns', 'Customer turns.', d.duration.turns),
  }),
  value: criterion('Value', 'Who the customer is. Off until segments or an amount are set.', {
    segments: names('Segments', 'As the CRM or the channel names them.'),
    above: Type.Optional(Type.Number({ title: 'Above', description: 'The customer’s value, as the CRM gives it.' })),
  }),
  bot_feedback: criterion('Bot feedback', 'The customer says that it did not help.', {
    downs: amount('Downs', 'Thumbs down, and "no" to "did this help?".', d.bot_feedback.downs),
  }),
  composite: criterion('Composite', 'Early signs that add up.', {
    offer: weight('Offer', 'Offers from this sum.', d.composite.offer),
    escalate: weight('Escalate', 'Escalates from this sum.', d.composite.escalate),
    weights: Type.Optional(
      closed('Weights', 'What each early sign adds.', {
        no_match: weight('No match', 'The bot did not understand the last message.', d.composite.weights.no_match),
        low_confidence: weight(
          'Low confidence',
          'The bot was unsure in the last turn.',
          d.composite.weights.low_confidence,
        ),
        loop: weight('Loop', 'The customer or the bot said the same again.', d.composite.weights.loop),
        negative: weight('Negative', 'The last message was negative.', d.composite.weights.negative),
        long: weight('Long', 'The conversation is getting long.', d.composite.weights.long),
        kb_empty: weight('Nothing found', 'A knowledge search found nothing.', d.composite.weights.kb_empty),
      }),
    ),
    repeats: amount('Repeats', 'Times the customer says the same, to be a sign.', d.composite.repeats),
    turns: amount('Turns', 'Customer turns without a goal reached, to be long.', d.composite.turns),
    minutes: Type.Optional(
      Type.Number({
        title: 'Minutes',
        description: 'Without a goal reached, to be long.',
        exclusiveMinimum: 0,
        default: d.composite.minutes,
      }),
    ),
  }),
  guards: closed('Guards', 'What keeps criteria from acting too often.', {
    offerAfter: amount(
      'Offer after',
      'Customer turns between the first and the second offer of an episode.',
      guardDefaults.offerAfter,
    ),
    coolDown: Type.Optional(
      Type.Integer({
        title: 'Cool-down',
        description: 'Customer turns after a return from people in which only the strongest criteria count.',
        minimum: 0,
        default: guardDefaults.coolDown,
      }),
    ),
    declined: fraction('Declined', 'What a declined offer leaves of the composite’s weights.', guardDefaults.declined),
  }),
  require: closed('Require', 'What must be true before a person is asked, unless it is urgent or wished for twice.', {
    when,
    words,
  }),
  own: closed('Own criterion', 'A criterion of your own.', { when, action, priority, skills, words }),
}

const switchedOff = [Type.Literal('off'), Type.Literal(false)] as const
const optional = <S extends ReturnType<typeof closed>>(schema: S) =>
  Type.Optional(Type.Union([...switchedOff, schema], about(schema)))
const about = (schema: object) => ({
  title: (schema as { title: string }).title,
  description: (schema as { description: string }).description,
})

export const block = Type.Object(
  {
    human_request: optional(limitsOf.human_request),
    safety: Type.Optional(limitsOf.safety),
    bot_request: optional(limitsOf.bot_request),
    bot_down: optional(limitsOf.bot_down),
    no_match: optional(limitsOf.no_match),
    low_confidence: optional(limitsOf.low_confidence),
    loop: optional(limitsOf.loop),
    kb_empty: optional(limitsOf.kb_empty),
    frustration: optional(limitsOf.frustration),
    complexity: optional(limitsOf.complexity),
    duration: optional(limitsOf.duration),
    value: optional(limitsOf.value),
    bot_feedback: optional(limitsOf.bot_feedback),
    composite: optional(limitsOf.composite),
    guards: Type.Optional(limitsOf.guards),
    require: Type.Optional(limitsOf.require),
  },
  {
    title: 'Criteria',
    description:
      'When a person takes over: limits of the shipped criteria, and criteria of your own under names of your own.',
    additionalProperties: limitsOf.own,
  },
)
