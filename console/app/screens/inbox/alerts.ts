/** Makes itself heard: a sound, a number in the title, a dot on the icon, a notification of the desktop. */

const soundName = 'baton-inbox-sound'
export const hasSound = (): boolean => localStorage.getItem(soundName) !== 'off'
export const switchSound = (on: boolean): void => localStorage.setItem(soundName, on ? 'on' : 'off')

let audio: AudioContext | undefined

/** Two short tones, higher for an offer. A browser that has seen no click of this person yet stays silent. */
export function ring(what: 'offer' | 'message'): void {
  if (!hasSound() || navigator.userActivation?.hasBeenActive === false) return
  audio ??= new AudioContext()
  const tones = what === 'offer' ? [660, 880] : [520, 520]
  for (const [i, tone] of tones.entries()) {
    const [oscillator, gain] = [audio.createOscillator(), audio.createGain()]
    const from = audio.currentTime + i * 0.18
    oscillator.frequency.value = tone
    gain.gain.setValueAtTime(0.12, from)
    gain.gain.exponentialRampToValueAtTime(0.001, from + 0.16)
    oscillator.connect(gain).connect(audio.destination)
    oscillator.start(from)
    oscillator.stop(from + 0.17)
  }
}

export const mayNotify = (): NotificationPermission | 'none' =>
  typeof Notification === 'undefined' ? 'none' : Notification.permission

/** Only while nobody looks at this page. One of the same tag takes the place of the one before. */
export function notify(title: string, body: string, tag: string, open: () => void): void {
  if (mayNotify() !== 'granted' || !document.hidden) return
  const shown = new Notification(title, { body, tag, icon: '/console/baton.svg' })
  shown.onclick = () => {
    window.focus()
    open()
    shown.close()
  }
}

const plain = '/console/baton.svg'
const dotted = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="13" fill="#0f766e"/><circle cx="24" cy="8" r="7" fill="#b42318" stroke="#fff" stroke-width="2"/></svg>',
)}`

let count = 0
const prefix = /^\(\d+\) /

/** `(2) Inbox · Baton`, and a dot on the icon; on whichever screen one is. */
export function showCount(next: number): void {
  count = next
  writeTitle()
  document.querySelector<HTMLLinkElement>('link[rel=icon]')?.setAttribute('href', next > 0 ? dotted : plain)
}

function writeTitle(): void {
  const bare = document.title.replace(prefix, '')
  const title = count > 0 ? `(${count}) ${bare}` : bare
  if (document.title !== title) document.title = title
}

/** Screens write the title too: the number comes back. Returns how to stop. */
export function keepCount(): () => void {
  const observer = new MutationObserver(writeTitle)
  observer.observe(document.querySelector('title')!, { childList: true })
  return () => {
    observer.disconnect()
    showCount(0)
  }
}
