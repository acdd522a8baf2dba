import { useId } from '../../url.ts'
import { Find } from './Find.tsx'
import { Talk } from './Talk.tsx'
import './conversations.css'

export default function Conversations() {
  const id = useId()
  return id === undefined ? <Find /> : <Talk key={id} id={id} />
}
