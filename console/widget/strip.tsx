/** @jsxImportSource preact */
/** Honest words for who holds control, and the ways out. Not read aloud: the hub says each change in the log. */
import { Component } from 'preact'
import { type Chat, leaveLine } from './chat.ts'

const sureMs = 5000

export function Strip({ chat }: { chat: Chat }) {
  const { control, words } = chat
  if (control === 'bot') return null
  const isWaiting = control === 'waiting'
  return (
    <div class={isWaiting ? 'strip wait' : 'strip'}>
      {isWaiting && <i class="dot" aria-hidden="true" />}
      <span>{textOf(chat)}</span>
      {control === 'closed' ? (
        <button type="button" onClick={chat.again}>
          {words('again')}
        </button>
      ) : (
        <Sure label={words(isWaiting ? 'leaveLine' : 'end')} sure={words('sure')} act={chat.leave} />
      )}
      {isWaiting && <Ways chat={chat} />}
    </div>
  )
}

/** Instead of waiting: as the hub names them in its newest word on the line. */
function Ways({ chat }: { chat: Chat }) {
  const choices = chat.entries.flatMap(({ message }) => message.parts.filter((part) => part.kind === 'choices'))
  const ways = choices
    .findLast(({ choices }) => choices.some(isLeaving))
    ?.choices.filter(({ value }) => /^baton:(ticket|callback)$/.test(value))
  if (!ways?.length) return null
  return (
    <div class="ways">
      {ways.map((way) => (
        <Sure key={way.value} label={way.label} sure={chat.words('giveUp')} act={() => chat.pick(way)} />
      ))}
    </div>
  )
}

const isLeaving = ({ value }: { value: string }) => value === leaveLine

interface SureProps {
  label: string
  sure: string
  act(): void
}

/** Asks once more in place: a slip of the finger must not cost the place in line. */
class Sure extends Component<SureProps, { isAsking?: boolean }> {
  timer: ReturnType<typeof setTimeout> | undefined

  override componentWillUnmount() {
    clearTimeout(this.timer)
  }

  pressed = () => {
    clearTimeout(this.timer)
    const isAsking = !this.state.isAsking
    this.setState({ isAsking })
    if (isAsking) this.timer = setTimeout(() => this.setState({ isAsking: false }), sureMs)
    else this.props.act()
  }

  render() {
    const { label, sure } = this.props
    return (
      <button type="button" onClick={this.pressed}>
        {this.state.isAsking ? sure : label}
      </button>
    )
  }
}

function textOf({ control, handoff, agent, words }: Chat): string {
  if (control === 'agent') return words('agent', { name: agent || words('aPerson') })
  if (control === 'closed') return words('closed')
  if (handoff?.stage === 'requested') return words('asking')
  return handoff?.position ? words('position', { n: handoff.position }) : words('waiting')
}
