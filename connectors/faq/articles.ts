/** `articles/*.md`: Markdown with a few lines of YAML before it. Pure. */
import { isSeq, type Node } from 'yaml'
import type { FaqArticle } from './content.ts'
import { fieldsOf, mapAt, type Place, parseYaml, stringAt, wrong } from './place.ts'

/** Throws `invalid` with file and line. The title is the front matter's, else the first `# heading`. */
export function parseArticle(source: string, file: string, id: string): FaqArticle {
  const lines = source.replace(/^\uFEFF/, '').split(/\r?\n/)
  const end = lines[0]?.trim() === '---' ? lines.findIndex((line, index) => index > 0 && line.trim() === '---') : -1
  if (lines[0]?.trim() === '---' && end < 0)
    throw wrong(noPlace(file), undefined, 'begins with "---" but has no second "---" that ends the front matter')
  const { root, place } = parseYaml(lines.slice(1, Math.max(1, end)).join('\n'), file, 1)
  const fields = root === null ? new Map<string, Node>() : frontMatter(root, place)
  const body = lines.slice(end + 1)
  const heading = body.findIndex((line) => /^#\s+\S/.test(line))
  const given = fields.get('title')
  const title = given ? stringAt(given, 'title', place) : body[heading]?.replace(/^#\s+/, '').trim()
  if (!title) throw wrong(noPlace(file), undefined, 'has no title; write "title: …" between two lines "---" at the top')
  const text = (given ? body : body.filter((_, index) => index !== heading)).join('\n').trim()
  if (!text) throw wrong(noPlace(file), undefined, 'has a title but no text')
  const url = fields.get('url')
  return {
    id,
    title,
    body: text,
    tags: tagsOf(fields.get('tags'), place),
    ...(url && { url: stringAt(url, 'url', place) }),
  }
}

function frontMatter(root: Node, place: Place): Map<string, Node> {
  return fieldsOf(mapAt(root, 'front matter', 'lines such as "title: Returns"', place), ['title', 'url', 'tags'], place)
}

/** A list, or words with commas between. */
function tagsOf(node: Node | undefined, place: Place): string[] {
  if (!node) return []
  if (isSeq(node)) return (node.items as Node[]).map((one) => stringAt(one, 'tags', place))
  return stringAt(node, 'tags', place)
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean)
}

const noPlace = (file: string): Place => parseYaml('', file).place
