/** The widget's own words. What bots, agents and the hub say comes from the hub. */
import type en from './words/en.ts'

export type Text = Readonly<Record<keyof typeof en, string>>
export type Words = (key: keyof Text, values?: Readonly<Record<string, string | number>>) => string

/** Each is a file of its own, of which a page loads one. */
const texts: Record<string, () => Promise<{ default: Text }>> = {
  en: () => import('./words/en.ts'),
  de: () => import('./words/de.ts'),
  fr: () => import('./words/fr.ts'),
  es: () => import('./words/es.ts'),
  pt: () => import('./words/pt.ts'),
  ar: () => import('./words/ar.ts'),
}

/** The first wanted language that is permitted, else the first permitted one. */
export function chooseLanguage(wanted: readonly (string | undefined)[], permitted: readonly string[]): string {
  const known = permitted.filter((language) => language in texts)
  const short = wanted.map((tag) => tag?.toLowerCase().split('-')[0])
  return short.find((language) => language && known.includes(language)) ?? known[0] ?? 'en'
}

/** One language for all that is said, ours and the hub’s; but where the chat has no words in the customer’s own, others may have. */
export function spokenIn(language: string, permitted: readonly string[], isAsked: boolean): string {
  const own = navigator.language
  const [short] = own.split('-') as [string]
  return short === language || !(isAsked || permitted.includes(short)) ? own : language
}

export async function wordsIn(language: string): Promise<Words> {
  const { default: text } = await texts[language]!()
  return (key, values = {}) => text[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''))
}
