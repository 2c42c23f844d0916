/** Starts the explorer. */

import { render } from 'preact'
import { Explorer } from './explorer.tsx'
import './elements.css'
import './listing.css'
import './panel.css'

const root = document.getElementById('explorer')
if (root) render(<Explorer />, root)
