import { Button, Select } from '@mantine/core'
import type { QueueAnswer, QueueTab } from '../../../../src/http/api/queue.ts'
import { formatLanguage } from '../../format.ts'
import { useUrl } from '../../url.ts'
import { reasonWord, riskWord } from '../../words.ts'
import { everyFilter, noFilters } from './filtering.ts'

const filters = [
  { name: 'mapping', label: 'Mapping', says: (value: string) => value },
  { name: 'desk', label: 'Desk', says: (value: string) => value },
  { name: 'reason', label: 'Reason', says: reasonWord },
  { name: 'language', label: 'Language', says: formatLanguage },
] as const

export function Filters({ choices, tab }: { choices: QueueAnswer['choices'] | undefined; tab: QueueTab }) {
  const [url, setUrl] = useUrl()
  const isFiltered = everyFilter.some((name) => url[name])
  return (
    <search className="filters" aria-label="Filter the queue">
      {filters.map(({ name, label, says }) => (
        <Select
          key={name}
          className="filter"
          size="xs"
          aria-label={label}
          placeholder={label}
          clearable
          clearButtonProps={{ 'aria-label': `Any ${label.toLowerCase()}`, tabIndex: -1 }}
          data={withChosen(choices?.[name] ?? [], url[name]).map((value) => ({ value, label: says(value) }))}
          value={url[name] ?? null}
          onChange={(value) => setUrl({ [name]: value ?? undefined, peek: undefined })}
        />
      ))}
      {tab === 'waiting' && (
        <Select
          className="filter"
          size="xs"
          aria-label="Risk"
          placeholder="Risk"
          clearable
          clearButtonProps={{ 'aria-label': 'Any risk', tabIndex: -1 }}
          data={Object.entries(riskWord).map(([value, label]) => ({ value, label }))}
          value={url.risk ?? null}
          onChange={(value) => setUrl({ risk: value ?? undefined, peek: undefined })}
        />
      )}
      {isFiltered && (
        <Button variant="subtle" onClick={() => setUrl(noFilters)}>
          Clear filters
        </Button>
      )}
    </search>
  )
}

/** A filter from a link may name what nobody waits for right now. */
const withChosen = (values: readonly string[], chosen: string | undefined): readonly string[] =>
  chosen === undefined || values.includes(chosen) ? values : [...values, chosen]
