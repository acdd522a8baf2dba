/** Makes elements. Strings become text nodes, so what a customer wrote is never read as markup. */
import { outside, safeUrl } from './text.js'

/**
 * `on…` are listeners, `data` is the dataset; true sets a bare attribute; false, null and undefined set none.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...any} children
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) set(element, name, value)
  element.append(
    ...children
      .flat(Number.POSITIVE_INFINITY)
      .filter((child) => child !== null && child !== undefined && child !== false),
  )
  return element
}

function set(element, name, value) {
  if (value === undefined || value === null || value === false) return
  if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
  else if (name === 'data') Object.assign(element.dataset, value)
  else if (name === 'value') element.value = value
  else element.setAttribute(name, value === true ? '' : String(value))
}

/** Replaces what is inside, and keeps the focus on the element of the same `data-focus`. */
export function fill(element, ...children) {
  const focused = element.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined
  element.replaceChildren(...children.flat(Number.POSITIVE_INFINITY).filter(Boolean))
  if (focused) element.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus()
}

/** Says it to a screen reader, without moving anything. */
export function announce(words) {
  document.getElementById('said').textContent = words
}

/** Only http and https lead anywhere: another scheme stays words. */
export function link(href, words) {
  const safe = safeUrl(href, location.href)
  return safe ? h('a', { href: safe, ...outside }, words) : words
}

const paths = {
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M6 11h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1',
  clip: 'm15 7-6.5 6.5a1.5 1.5 0 0 0 3 3L18 10a3 3 0 0 0-6-6l-6.5 6.5a4.5 4.5 0 0 0 9 9L21 13',
}

/** A drawing beside words that say the same. @param {'lock' | 'clip'} name */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' }))
    svg.setAttribute(key, value)
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', paths[name])
  svg.append(path)
  return svg
}
