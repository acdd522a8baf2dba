/** Nobody waits for ever: what happens when a time limit is reached. */
import { currentAttempt, openHandoff } from '../conversation.ts'
import type { TimerName } from '../effects.ts'
import { choices, finish, giveUp, laterWays, over, unconfirmed } from './chain.ts'
import { change, changeHandoff, choice, type Draft, decide, noteToDesk, setTimer, take, tell } from './draft.ts'

const day = 24 * 60 * 60_000

export const waits: Record<TimerName, (d: Draft) => void> = {
  offer(d) {
    if (openHandoff(d.conversation)?.stage !== 'offered') return
    decide(d, 'offer', 'the offer was not answered')
    finish(d, 'declined')
  },

  /** The desk does not answer, neither to being asked nor to being told that it is over. */
  connect(d) {
    if (d.conversation.control !== 'waiting') return
    const attempt = currentAttempt(d.conversation)
    if (attempt?.stage === 'asked') return giveUp(d, attempt, 'expired', 'did not answer in time')
    if (!attempt) for (const one of unconfirmed(d)) over(d, one, 'did not confirm the end in time')
  },

  wait(d) {
    const attempt = currentAttempt(d.conversation)
    if (d.conversation.control === 'waiting' && attempt) giveUp(d, attempt, 'expired', 'nobody accepted in time')
  },

  reassure(d) {
    if (d.conversation.control !== 'waiting') return
    const isSecond = openHandoff(d.conversation)?.told.reassured === true
    if (isSecond) {
      const ways = [choice(d, 'stay', choices.stay), ...laterWays(d), choice(d, 'leave', choices.leave)]
      return tell(d, 'longWait', {}, ways)
    }
    tell(d, 'reassure')
    changeHandoff(d, { told: { ...d.conversation.handoff?.told, reassured: true } })
    setTimer(d, 'reassure', d.mapping.limits.reassureMs * 1.5)
  },

  /** The customer wrote and the agent does not answer: a nudge first, then somebody else. */
  agent(d) {
    const attempt = currentAttempt(d.conversation)
    if (d.conversation.control !== 'agent' || !attempt) return
    const unanswered = openHandoff(d.conversation)?.unanswered
    if (!unanswered) return
    if (!unanswered.reminded) {
      noteToDesk(d, attempt, 'The customer is waiting for an answer.')
      changeHandoff(d, { unanswered: { ...unanswered, reminded: true } })
      setTimer(d, 'agent', d.mapping.limits.agentSilentMs)
      return decide(d, 'note', 'the agent was reminded that the customer waits')
    }
    take(d, 'waiting', 'the agent did not answer')
    giveUp(d, attempt, 'expired', 'the agent stopped answering')
  },

  idle(d) {
    if (d.conversation.control !== 'agent') return
    tell(d, 'idle')
    setTimer(d, 'park', Math.max(1, d.mapping.limits.parkMs - d.mapping.limits.idleMs))
  },

  /** Parked, not closed: a late word finds the same agent for a day. */
  park(d) {
    const attempt = currentAttempt(d.conversation)
    if (d.conversation.control !== 'agent' || !attempt) return
    if (!d.conversation.parked) {
      change(d, { parked: true })
      noteToDesk(d, attempt, 'The customer has been silent for a while. Nobody waits; a late word comes back to you.')
      decide(d, 'note', 'parked: the customer has been silent')
      return setTimer(d, 'park', day)
    }
    finish(d, 'expired')
    take(d, 'closed', 'the customer did not come back')
  },

  survey(d) {
    const { mapping, conversation } = d
    const handoff = conversation.handoff
    if (!mapping.survey || handoff?.outcome !== 'resolved' || openHandoff(conversation)) return
    const last = conversation.surveyedAt
    if (last !== undefined && d.at - last < mapping.limits.surveyEveryMs) {
      return decide(d, 'survey', 'no survey: this customer was asked a short while ago')
    }
    change(d, { surveyedAt: d.at })
    decide(d, 'survey', `survey for handoff ${handoff.number}`)
    const body = { handoff: handoff.number }
    d.effects.push({ connection: mapping.survey, role: 'survey', kind: 'invite', body })
  },

  contact(d) {
    change(d, { contactWanted: false })
  },
}
