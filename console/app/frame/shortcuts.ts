/** Keys of what is on the screen. Single keys are dead while somebody types, while a dialog is open, and when switched off. */
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { createKeybindingsHandler } from 'tinykeys'

export interface Shortcut {
  /** As tinykeys writes it: `j`, `g q`, `$mod+k`, `Escape`, `Space`, `[`. */
  readonly keys: string
  /** For the list behind `?`. */
  readonly says: string
  /** Also while typing. Those with `$mod` always are. */
  readonly isAlways?: boolean
  /** False: the key keeps its own meaning. */
  run(event: KeyboardEvent): unknown
}

let groups: readonly (readonly Shortcut[])[] = []
const watchers = new Set<() => void>()
const change = (next: typeof groups) => {
  groups = next
  for (const watcher of watchers) watcher()
}

/** Those that work right now. */
export const useActiveShortcuts = (): readonly Shortcut[] =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => groups,
  ).flat()

/** Works while the component is on the screen. The one that came last wins a key that two want. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts)
  latest.current = shortcuts
  const names = shortcuts.map(({ keys, says }) => `${keys}\n${says}`).join('\n\n')
  // What they do may change at every drawing; what they are called does not.
  useEffect(() => {
    const mine = latest.current.map(
      (shortcut, i): Shortcut => ({
        ...shortcut,
        run: (event) => latest.current[i]?.run(event),
      }),
    )
    change([...groups, mine])
    return () => change(groups.filter((group) => group !== mine))
  }, [names])
}

/** How long the second key of a sequence may take: longer than usual, for slow hands. */
const sequenceMs = 2_000

let wasModal = false
// Heard before any dialog hears it, which may be gone by the time the keys of the screen are asked.
window.addEventListener(
  'keydown',
  () => {
    wasModal = document.querySelector('[aria-modal="true"]') !== null
  },
  { capture: true },
)

let areOn = true
/** By preference; `Esc` and those with `Ctrl` go on working. */
export const switchShortcuts = (on: boolean): void => {
  areOn = on
}

/** Begins to listen; returns how to stop. */
export function listen(): () => void {
  let handler = (_event: KeyboardEvent) => {}
  let lastGo = -sequenceMs
  const build = () => {
    const wanted = new Map<string, Shortcut>()
    for (const shortcut of groups.flat()) wanted.set(shortcut.keys, shortcut)
    handler = createKeybindingsHandler(
      Object.fromEntries(
        [...wanted].flatMap(([keys, shortcut]) =>
          bindingsOf(keys).map((binding) => [binding, (event: KeyboardEvent) => press(shortcut, event)]),
        ),
      ),
      { timeout: sequenceMs },
    )
  }
  const press = (shortcut: Shortcut, event: KeyboardEvent) => {
    const isSingle = !shortcut.keys.includes(' ') && !shortcut.keys.includes('+')
    // The second key of "g d" is not "d".
    if (isSingle && event.timeStamp - lastGo < sequenceMs) return
    if (!mayPress(shortcut, event)) return
    if (shortcut.run(event) !== false) event.preventDefault()
  }
  const hear = (event: KeyboardEvent) => {
    handler(event)
    if (event.key === 'g' && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event))
      lastGo = event.timeStamp
    else if (event.key.length === 1) lastGo = -sequenceMs
  }
  build()
  watchers.add(build)
  window.addEventListener('keydown', hear)
  return () => {
    watchers.delete(build)
    window.removeEventListener('keydown', hear)
  }
}

/** Where `?` is depends on the keyboard: it is taken with Shift and without. */
const bindingsOf = (keys: string): string[] => (keys === '?' ? ['?', 'Shift+?'] : [keys])

function mayPress(shortcut: Shortcut, event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing) return false
  if (shortcut.isAlways || /\$mod|Control|Meta/.test(shortcut.keys)) return true
  if (isTyping(event) || wasModal) return false
  if (shortcut.keys === 'Escape') return true
  if (!areOn) return false
  // A button or link that has the focus keeps its own Enter and Space.
  return !(/^(Enter|Space)$/.test(shortcut.keys) && isControl(event))
}

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches(
      'textarea, select, [role=combobox], [role=textbox], input:not([type=checkbox], [type=radio], [type=button])',
    ))

const isControl = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  target.matches('button, a, summary, input, [role=tab], [role=menuitem], [role=button]')
