/** Words for what the hub knows by name: criteria, stages, outcomes, risk. A criterion of a mapping's own keeps its name. */
const reasons: Record<string, string> = {
  human_request: 'asked for a person',
  safety: 'safety',
  bot_request: 'the bot asked',
  bot_down: 'the bot is down',
  no_match: 'not understood',
  low_confidence: 'the bot is unsure',
  loop: 'going in circles',
  kb_empty: 'no article found',
  frustration: 'frustrated',
  thumbs_down: 'not helpful',
  language: 'another language',
  duration: 'takes long',
  value: 'valuable customer',
  staff: 'asked by staff',
  agent_spoke: 'an agent wrote',
}

export const reasonWord = (criterion: string): string => reasons[criterion] ?? criterion.replaceAll('_', ' ')

export const outcomeWord: Record<string, string> = {
  resolved: 'resolved',
  returned: 'returned to the bot',
  deferred: 'deferred to a ticket',
  declined: 'declined',
  abandoned: 'left by the customer',
  expired: 'expired',
  failed: 'failed',
}

export const riskWord = { over: 'Over', soon: 'Soon', fine: 'In time' } as const
