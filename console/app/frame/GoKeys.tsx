import { useClipboard } from '@mantine/hooks'
import { useMe } from '../me.tsx'
import { toast } from '../parts/toast.tsx'
import { useGo } from '../url.ts'
import { screens } from './screens.ts'
import { useShortcuts } from './shortcuts.ts'

/** Keys that work on every screen. */
export function GoKeys() {
  const { rights } = useMe()
  const go = useGo()
  const clipboard = useClipboard()
  useShortcuts([
    ...screens
      .filter(({ needs }) => rights[needs])
      .map(({ name, title, key }) => ({ keys: `g ${key}`, says: `Go to ${title}`, run: () => go(`/${name}`) })),
    {
      keys: '.',
      says: 'Copy a link to this view',
      run() {
        clipboard.copy(location.href)
        toast.done('The link to this view is copied.')
      },
    },
    { keys: '/', says: 'Go to the filter', run: focusFilter },
  ])
  return null
}

/** The first search box of the screen; without one the key is left alone. */
function focusFilter(): boolean {
  const box = document.querySelector<HTMLElement>('.main input[type=search], .main [role=searchbox]')
  box?.focus()
  return box !== null
}
