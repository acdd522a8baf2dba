import { PasswordInput, type PasswordInputProps } from '@mantine/core'

export interface PasswordProps extends Omit<PasswordInputProps, 'value' | 'onChange'> {
  readonly label: string
  /** One that is chosen now, instead of one that is known: says what a good one is. */
  readonly isNew?: boolean
  readonly value: string
  readonly change: (value: string) => void
}

/** A password of the console, with an eye that says what it shows. */
export const Password = ({ label, isNew, change, ...rest }: PasswordProps) => (
  <PasswordInput
    label={label}
    description={isNew ? 'At least 12 characters. Three or four words that do not belong together are good' : undefined}
    autoComplete={isNew ? 'new-password' : 'current-password'}
    required
    withAsterisk={false}
    visibilityToggleButtonProps={{ 'aria-label': `Show the ${label.toLowerCase()}` }}
    onChange={(event) => change(event.currentTarget.value)}
    {...rest}
  />
)
