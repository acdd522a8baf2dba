/** The widget's own words, one file for each language. What bots, agents and the hub say comes from the hub. */

const languages = ['en', 'de', 'fr', 'es', 'pt']

/** The first wanted language that is permitted, else the first permitted one. */
export function chooseLanguage(wanted, permitted) {
  const known = permitted.filter((language) => languages.includes(language))
  const short = wanted.map((tag) => tag && tag.toLowerCase().split('-')[0])
  return short.find((language) => language && known.includes(language)) ?? known[0] ?? 'en'
}

export async function wordsIn(language) {
  const { default: words } = await import(`./words/${language}.js`)
  return (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''))
}
