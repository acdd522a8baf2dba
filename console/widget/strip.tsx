/** @jsxImportSource preact */
/** Honest words for who holds control, and the way out. Not read aloud: the hub says each change in the log. */
import { Component } from 'preact'
import type { Chat } from './chat.ts'

const sureMs = 5000

export class Strip extends Component<{ chat: Chat }, { isAsking?: boolean }> {
  timer: ReturnType<typeof setTimeout> | undefined

  override componentWillUnmount() {
    clearTimeout(this.timer)
  }

  /** Asks once more in place: a slip of the finger must not cost the place in line. */
  pressed = () => {
    clearTimeout(this.timer)
    const isAsking = !this.state.isAsking
    this.setState({ isAsking })
    if (isAsking) this.timer = setTimeout(() => this.setState({ isAsking: false }), sureMs)
    else this.props.chat.leave()
  }

  render() {
    const { chat } = this.props
    const { control, words } = chat
    if (control === 'bot') return null
    const isWaiting = control === 'waiting'
    return (
      <div class={isWaiting ? 'strip wait' : 'strip'}>
        {isWaiting && <i class="dot" aria-hidden="true" />}
        <span>{textOf(chat)}</span>
        {control !== 'closed' && (
          <button type="button" onClick={this.pressed}>
            {words(this.state.isAsking ? 'sure' : isWaiting ? 'leaveLine' : 'end')}
          </button>
        )}
      </div>
    )
  }
}

function textOf({ control, handoff, agent, words }: Chat): string {
  if (control === 'agent') return words('agent', { name: agent || words('aPerson') })
  if (control === 'closed') return words('closed')
  if (handoff?.stage === 'requested') return words('asking')
  return handoff?.position ? words('position', { n: handoff.position }) : words('waiting')
}
