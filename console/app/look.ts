/** Light, dark, or as the system has it: kept in this browser, and set before the first picture. */
import { localStorageColorSchemeManager } from '@mantine/core'

export const scheme = localStorageColorSchemeManager({ key: 'baton-look' })

const chosen = scheme.get('auto')
const isDark = chosen === 'dark' || (chosen === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light')
