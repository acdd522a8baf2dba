import { Button, Select, TextInput } from '@mantine/core'
import type { Choices } from '../../../../src/reports/answers.ts'
import { formatLanguage } from '../../format.ts'
import { useRead } from '../../read.ts'
import { useUrl } from '../../url.ts'
import { reasonWord } from '../../words.ts'
import { filterNames, filterOf, usualDays } from './asked.ts'
import { capital } from './say.ts'

const periods = [
  { value: '7', label: 'Last 7 days' },
  { value: '14', label: 'Last 14 days' },
  { value: '28', label: 'Last 28 days' },
  { value: '90', label: 'Last 90 days' },
  { value: 'own', label: 'From … to …' },
]

const filters = {
  mapping: { label: 'Mapping', from: 'mappings', say: (value: string) => value },
  channel: { label: 'Channel', from: 'channels', say: (value: string) => value },
  desk: { label: 'Desk', from: 'desks', say: (value: string) => value },
  language: { label: 'Language', from: 'languages', say: formatLanguage },
  reason: { label: 'Reason', from: 'reasons', say: (value: string) => capital(reasonWord(value)) },
} as const

export function Filters() {
  const [url, setUrl] = useUrl()
  const { data } = useRead<Choices>('/reports/choices')
  const isOwn = url.from !== undefined || url.to !== undefined
  const { from } = filterOf(url)
  return (
    <search className="report-filters" aria-label="Filter the report">
      <Select
        size="xs"
        className="report-filter"
        aria-label="Period"
        allowDeselect={false}
        data={periods}
        value={isOwn ? 'own' : (url.days ?? usualDays)}
        onChange={(value) =>
          value === 'own'
            ? setUrl({ days: undefined, from })
            : setUrl({ days: value === usualDays ? undefined : (value ?? undefined), from: undefined, to: undefined })
        }
      />
      {isOwn &&
        (['from', 'to'] as const).map((end) => (
          <TextInput
            key={end}
            type="date"
            size="xs"
            aria-label={end === 'from' ? 'First day' : 'Last day'}
            value={url[end] ?? ''}
            onChange={({ currentTarget }) => setUrl({ [end]: currentTarget.value || undefined })}
          />
        ))}
      {filterNames.map((name) => (
        <Select
          key={name}
          size="xs"
          className="report-filter"
          aria-label={filters[name].label}
          placeholder={filters[name].label}
          clearable
          clearButtonProps={{ 'aria-label': `Any ${filters[name].label.toLowerCase()}`, tabIndex: -1 }}
          data={withChosen(data?.[filters[name].from] ?? [], url[name]).map((value) => ({
            value,
            label: filters[name].say(value),
          }))}
          value={url[name] ?? null}
          onChange={(value) => setUrl({ [name]: value ?? undefined, open: undefined })}
        />
      ))}
      {filterNames.some((name) => url[name]) && (
        <Button
          variant="subtle"
          onClick={() =>
            setUrl({ ...Object.fromEntries(filterNames.map((name) => [name, undefined])), open: undefined })
          }
        >
          Clear filters
        </Button>
      )}
    </search>
  )
}

/** A filter from a link may name what is no longer there. */
const withChosen = (values: readonly string[], chosen: string | undefined): readonly string[] =>
  chosen === undefined || values.includes(chosen) ? values : [...values, chosen]
