/** Starts the explorer. */

import { render } from 'preact'
import { Explorer } from './explorer.tsx'
import { applyRememberedTheme } from './theme.ts'
import './explorer.css'

applyRememberedTheme()
const root = document.getElementById('explorer')
if (root) render(<Explorer />, root)
