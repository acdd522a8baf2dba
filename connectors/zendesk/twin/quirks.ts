/** Where Zendesk is known to differ between accounts, or is not documented: the twin can do either. */
export interface Quirks {
  /** Calls per minute of the account. Default 700, as on Enterprise. */
  readonly perMinute?: number
  /** Seconds an OAuth token lives at most. Default 1,800. */
  readonly tokenSeconds?: number
  /** The Help Center answers 415 to paths without `.json`. Default true. */
  readonly guideNeedsJson?: boolean
  /** Errors come as text/plain. */
  readonly plainErrors?: boolean
  /** Two calls with one Idempotency-Key at once: the second is answered 409. Default: it waits for the first. */
  readonly conflictsAtOnce?: boolean
  /** Solving a ticket that nobody has is rejected. */
  readonly solvingNeedsAssignee?: boolean
  /** The user is an agent: no webhooks, no export, no availabilities, no skills. */
  readonly noAdmin?: boolean
  /** Tickets and audits in one answer. Default 100. */
  readonly pageSize?: number
  /** How an audit names a survey response. */
  readonly surveyEvent?: 'survey_response_id' | 'survey_response'
  /** Messaging: calls per minute. Zendesk publishes no number. */
  readonly messagingPerMinute?: number
  /** Messaging: how many messages a conversation holds. Default 30,000. */
  readonly mostMessages?: number
  /** Messaging: our switchboard integration hears nothing while others are active. */
  readonly noStandby?: boolean
  /** Messaging: passing control to whom has it is told again. */
  readonly repeatsPass?: boolean
  /** Messaging: the ticket is made at the customer’s next word, not with the pass. */
  readonly lateTickets?: boolean
  /** Messaging: `reason` is missing when control is released. */
  readonly releaseWithoutReason?: boolean
  /** Messaging: authors in webhooks carry `subtypes`. */
  readonly tellsSubtypes?: boolean
  /** Messaging: webhooks leave `activity` out; lists have it. */
  readonly hidesActivity?: boolean
}
