/** Rasters and files: GDAL, rasterio, and their download. */

import type { Asset } from '../../../packages/client/src/client.ts'
import { type Block, blocks, type Recipe } from './recipe.ts'
import {
  AWS_NOTE,
  KEY_NOTE,
  SAMPLE_TILE,
  type StoredFile,
  storedFile,
  TILE_NOTE,
} from './stored-file.ts'

const KEY_HEADER = '"x-api-key: $GFW_API_KEY"'
// GFW's API has no directories to list, and answers GET alone.
const KEY_CONFIG = `--config GDAL_DISABLE_READDIR_ON_OPEN EMPTY_DIR \\
  --config GDAL_HTTP_HEADERS ${KEY_HEADER}`

export function fileRecipes(asset: Asset, isRaster: boolean): Recipe[] {
  const file = storedFile(asset)
  if (!file) return []
  const tiles = { ...file, name: `${asset.dataset}-${asset.version}` }
  return [
    { id: 'gdal', label: 'GDAL', blocks: gdalBlocks(tiles, isRaster) },
    ...(isRaster
      ? [{ id: 'rasterio', label: 'rasterio', blocks: [rasterioBlock(asset, file)] }]
      : []),
    { id: 'download', label: 'Download', blocks: downloadBlocks(file) },
  ]
}

function gdalBlocks(file: StoredFile & { name: string }, isRaster: boolean): Block[] {
  const { gdalPath, tileIndex, downloadUrl, name } = file
  const info = isRaster ? 'gdalinfo' : 'ogrinfo -so -al'
  const signed = `/vsicurl?use_head=no&url=${encodeURIComponent(downloadUrl ?? '')}`
  return blocks(
    {
      label: tileIndex ? 'One tile' : 'What it holds',
      text: `${payer(file)}${info} ${quote(gdalPath)}`,
      ...note(file),
    },
    tileIndex === undefined
      ? undefined
      : {
          label: 'All tiles as one raster',
          text: `${payer(file)}${buildVrt(tileIndex, name)}`,
          note: 'Makes a small file that GDAL and QGIS open as one raster. The tiles stay where they are.',
        },
    downloadUrl === undefined
      ? undefined
      : {
          label: tileIndex ? 'One tile, with a key' : 'With a key',
          text: `${info} ${KEY_CONFIG} \\\n  '${signed}'`,
          note: `Needs no AWS account. ${KEY_NOTE}`,
        },
  )
}

/** `gdalbuildvrt` reads the names of tiles from a text, but not from GeoJSON. */
function buildVrt(tileIndex: string, name: string): string {
  return `ogr2ogr -f CSV /vsistdout/ -select name \\
  ${quote(tileIndex)} \\
  | tail -n +2 > ${name}.txt
gdalbuildvrt -input_file_list ${name}.txt ${name}.vrt`
}

function rasterioBlock({ asset_uri: uri }: Asset, file: StoredFile): Block {
  const location = file.tileIndex
    ? `tile_id = "${SAMPLE_TILE}"\nuri = f${JSON.stringify(uri)}`
    : `uri = ${JSON.stringify(uri)}`
  const env = file.isRequesterPays ? 'rasterio.Env(AWS_REQUEST_PAYER="requester"), ' : ''
  // The whole of a large raster is read from an overview.
  const read = file.tileIndex
    ? 'pixels = raster.read(1, window=Window(0, 0, 512, 512))'
    : 'pixels = raster.read(1, out_shape=(360, 720))'
  const windows = file.tileIndex ? '\nfrom rasterio.windows import Window' : ''
  return {
    label: 'Python',
    text: `import rasterio${windows}

${location}
with ${env}rasterio.open(uri) as raster:
    print(raster.profile)
    ${read}
print(pixels.min(), pixels.max())`,
    ...note(file),
  }
}

function downloadBlocks(file: StoredFile): Block[] {
  const { uri, tileIndex, downloadUrl } = file
  const name = uri.split('/').at(-1) ?? ''
  const aws = `aws s3 cp ${file.isRequesterPays ? '--request-payer requester ' : ''}${quote(uri)} .`
  return blocks(
    downloadUrl === undefined
      ? undefined
      : {
          label: tileIndex ? 'One tile, with a key' : 'With a key',
          text: `curl -fL -H ${KEY_HEADER} -o ${quote(name)} \\\n  '${downloadUrl}'`,
          note: KEY_NOTE,
        },
    uri.startsWith('s3://')
      ? { label: 'AWS CLI', text: aws, ...note(file) }
      : { label: 'curl', text: `curl -fLO ${quote(uri)}` },
  )
}

function payer({ isRequesterPays }: StoredFile): string {
  return isRequesterPays ? 'export AWS_REQUEST_PAYER=requester\n' : ''
}

function note({ isRequesterPays, tileIndex }: StoredFile): { note?: string } {
  const notes = [...(tileIndex ? [TILE_NOTE] : []), ...(isRequesterPays ? [AWS_NOTE] : [])]
  return notes.length > 0 ? { note: notes.join(' ') } : {}
}

/** Quotes an argument for a POSIX shell if it has to be. */
function quote(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
