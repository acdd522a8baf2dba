import { Tabs, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { Report } from '../../../../src/reports/answers.ts'
import { useMay } from '../../me.tsx'
import { DataState } from '../../parts/DataState.tsx'
import { Screen } from '../../parts/Screen.tsx'
import { Age } from '../../parts/Time.tsx'
import { useRead } from '../../read.ts'
import { query, useGo, useId, useUrl } from '../../url.ts'
import { filterOf, useOpening } from './asked.ts'
import { Behind } from './Behind.tsx'
import { ChartCard } from './ChartCard.tsx'
import { Filters } from './Filters.tsx'
import { Tile } from './Tile.tsx'
import '@mantine/charts/styles.css'
import './reports.css'

const tabs = {
  overview: 'Overview',
  escalations: 'Escalations',
  waiting: 'Waiting',
  people: 'People',
  feedback: 'Feedback',
  topics: 'Topics',
  trust: 'Trust',
} as const

export default function Reports() {
  const [url] = useUrl()
  const go = useGo()
  const isOwn = useMay('reports.read') === 'own'
  const asked = useId() as keyof typeof tabs | undefined
  const tab = isOwn ? 'people' : asked !== undefined && asked in tabs ? asked : 'overview'
  const { opened, close } = useOpening()
  const report = useReport(`/reports/${tab}${query(filterOf(url))}`)
  const shown = isOwn ? (['people'] as const) : (Object.keys(tabs) as (keyof typeof tabs)[])

  return (
    <Screen title="Reports" tools={<Filters />}>
      <Tabs value={tab} onChange={(next) => next && go(`/reports/${next}`, { search: { ...url, open: undefined } })}>
        <Tabs.List aria-label="Which report">
          {shown.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {tabs[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} pt="md">
          <DataState query={report} what="The report could not be counted" rows={6} rowHeight={64}>
            {(data) => <Body data={data} tab={tab} isOwn={isOwn} />}
          </DataState>
        </Tabs.Panel>
      </Tabs>
      {opened && <Behind key={url.open} tab={tab} opening={opened} close={close} />}
    </Screen>
  )
}

/** An older answer is asked for again at once, until the new one is there. */
function useReport(path: string) {
  const [isStale, setStale] = useState(false)
  const report = useRead<Report>(path, { keep: true, everyMs: isStale ? 1_000 : 60_000 })
  const found = report.data?.isStale ?? false
  useEffect(() => setStale(found), [found])
  return report
}

const Body = ({ data, tab, isOwn }: { data: Report; tab: string; isOwn: boolean }) => (
  <>
    {isOwn && (
      <Text size="sm" c="dimmed" mb="sm">
        Your own numbers beside the median of your team. Nobody is ranked.
      </Text>
    )}
    <ul className="tiles" aria-label="Figures">
      {data.figures.map((figure) => (
        <li key={figure.key}>
          <Tile figure={figure} />
        </li>
      ))}
    </ul>
    <div className="charts">
      {data.charts.map((chart) => (
        <ChartCard key={chart.key} chart={chart} tab={tab} />
      ))}
    </div>
    <Text size="xs" c="dimmed" mt="md" role="status">
      {data.isStale ? 'An older result, being counted anew: ' : 'Counted '}
      <Age at={data.asOf} />. Compared with the {data.period.days} days before. Days begin in {data.period.zone}.
    </Text>
  </>
)
