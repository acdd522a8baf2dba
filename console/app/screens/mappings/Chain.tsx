import type { DeskLink, Link, MappingRow } from '../../../../src/http/api/mappings.ts'
import { formatDuration } from '../../format.ts'
import { useMay } from '../../me.tsx'
import { Go } from '../../parts/Go.tsx'
import { Health } from '../connections/Health.tsx'

/** Channel, bot, criteria, desks in order, survey: as a conversation goes through them. */
export const Chain = ({ mapping, criteria }: { mapping: MappingRow; criteria?: number }) => (
  <ol className="chain" aria-label={`The chain of ${mapping.name}`}>
    <Box what="Channel" link={mapping.channel} />
    <Box what="Bot" link={mapping.bot} />
    <li className="box">
      <span className="box-what">Criteria</span>
      <Go to={`/mappings/${mapping.name}`} hash="criteria">
        {criteria === undefined ? 'See them' : `${criteria} are on`}
      </Go>
    </li>
    {mapping.desks.map((desk, index) => (
      <Box
        key={`${desk.connection} ${desk.mode}`}
        what={mapping.desks.length > 1 ? `Desk ${index + 1}` : 'Desk'}
        link={desk}
        more={deskWords(desk)}
      />
    ))}
    {mapping.fallback.map((desk) => (
      <Box key={`then ${desk.connection} ${desk.mode}`} what="Else" link={desk} more={deskWords(desk)} />
    ))}
    {mapping.survey && <Box what="Survey" link={mapping.survey} />}
  </ol>
)

function deskWords({ mode, waitMs, skills, hours, assumed }: DeskLink): string {
  const said = [
    mode === 'live' ? `live, waits ${formatDuration(waitMs)}` : mode,
    skills.length > 0 && skills.join(', '),
    hours && `hours of ${hours}`,
    assumed && 'assumed',
  ]
  return said.filter(Boolean).join(' · ')
}

function Box({ what, link, more }: { what: string; link: Link; more?: string }) {
  const canOpen = useMay('connections.inspect') !== undefined
  return (
    <li className="box">
      <span className="box-what">{what}</span>
      {canOpen ? <Go to={`/connections/${link.connection}`}>{link.connection}</Go> : <strong>{link.connection}</strong>}
      <span className="box-use">{link.use}</span>
      <Health health={link.health} />
      {more && <span className="box-use">{more}</span>}
    </li>
  )
}
