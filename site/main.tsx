/** Starts the explorer. */

import { render } from 'preact'
import { Explorer } from './explorer.tsx'
import { applyRememberedTheme } from './theme.ts'
import './ui/tokens.css'
import './ui/elements.css'
import './ui/components.css'
import './ui/page-header.css'
import './ui/layout.css'
import './ui/breadcrumbs.css'
import './ui/source.css'
import './sign-in/sign-in.css'
import './assets/filters.css'
import './assets/listing.css'
import './assets/paging.css'
import './asset/asset.css'
import './asset/bands.css'
import './dataset/assets.css'
import './dataset/comparison.css'
import './dataset/dataset.css'
import './home/home.css'
import './home/dataset-list.css'
import './map/map.css'
import './ui/print.css'

applyRememberedTheme()
const root = document.getElementById('explorer')
if (root) render(<Explorer />, root)
