/** Clients of GFW's API in Python, as people write them, with the token added. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { skipWithoutModule } from '../../harness/python.ts'
import { type ShippedCatalog, startShippedCatalog } from '../../harness/shipped-catalog.ts'

let catalog: ShippedCatalog
beforeAll(async () => {
  catalog = await startShippedCatalog()
})
afterAll(() => catalog[Symbol.asyncDispose]())

async function run(code: string): Promise<string[]> {
  const env = { ...process.env, API: catalog.origin, TOKEN: catalog.token }
  const { stdout } = await promisify(execFile)('python3', ['-c', code], { env })
  return stdout.trimEnd().split('\n')
}

const REQUESTS = `
import os
import requests

API = os.environ["API"]
headers = {
    "Authorization": f"Bearer {os.environ['TOKEN']}",
    "Content-Type": "application/json",
    "x-api-key": "a key of GFW",
}


def get_assets(dataset, version):
    resp = requests.get(f"{API}/dataset/{dataset}/{version}/assets", headers=headers)
    if resp.status_code >= 300:
        raise RuntimeError(f"{resp.status_code}: {resp.json()['detail']}")
    return resp.json()["data"]


grids = [a for a in get_assets("wdpa_protected_areas", "v202010") if a["asset_type"] == "1x1 grid"]
print(grids[0]["asset_uri"].rsplit("/", 1)[1])
try:
    get_assets("wdpa_protected_areas", "v99")
except RuntimeError as error:
    print(error)

ids, number = set(), 1
while True:
    params = {"is_latest": True, "page[number]": number, "page[size]": 200}
    page = requests.get(f"{API}/assets", params=params, headers=headers).json()
    ids |= {asset["asset_id"] for asset in page["data"]}
    if len(page["data"]) < 200:
        break
    number += 1
print(number, len(ids), int(page["meta"]["total_items"]))

resp = requests.get(f"{API}/assets/", params={"asset_type": "1x1 grid"}, headers=headers)
print(resp.status_code, len(resp.json()["data"]), [r.status_code for r in resp.history])

resp = requests.get(f"{API}/assets", params={"page[size]": 5000}, headers=headers)
print(f"{resp.status_code}: {resp.json()['detail']}")
`

it('requests: a data pump, a crawl, a slash at the end, an error', async (context) => {
  await skipWithoutModule(context, 'requests')
  expect(await run(REQUESTS)).toEqual([
    'wdpa_protected_areas_v202010_1x1.tsv',
    '404: Version with name wdpa_protected_areas.v99 does not exist',
    '3 457 457',
    '200 2 [308]',
    "422: [{'loc': ['query', 'page[size]'], 'msg': 'ensure this value is less than or equal to 1000', 'type': 'value_error.number.not_le'}]",
  ])
})

const HTTPX = `
import asyncio
import os
import httpx

API = os.environ["API"]
headers = {"Authorization": f"Bearer {os.environ['TOKEN']}", "x-api-key": "a key of GFW"}


async def get_all(client, path, params):
    items, url = [], path
    while url:
        resp = await client.get(url, params=params)
        resp.raise_for_status()
        page = resp.json()
        items += page["data"]
        url, params = page["links"]["next"], None
    return items


async def main():
    async with httpx.AsyncClient(base_url=API, headers=headers) as client:
        types = ["COG", "Raster tile set", "1x1 grid"]
        calls = [get_all(client, "/assets", {"asset_type": t, "page[size]": 50}) for t in types]
        print([len(assets) for assets in await asyncio.gather(*calls)])
        fields = await client.get("/assets", params={
            "dataset": "gfw_oil_palm",
            "version": "v20191031",
            "asset_type": "Static vector tile cache",
        })
        print([field["name"] for field in fields.json()["data"][0]["metadata"]["fields"]])
        again = await client.get(fields.url, headers={"If-None-Match": fields.headers["ETag"]})
        print(again.status_code)
        try:
            (await client.get("/asset/1")).raise_for_status()
        except httpx.HTTPStatusError as error:
            print(error.response.status_code, error.response.json()["detail"][0]["msg"])

asyncio.run(main())
`

it('httpx: concurrent crawls by links.next, metadata, a 304, an error', async (context) => {
  await skipWithoutModule(context, 'httpx')
  expect(await run(HTTPX)).toEqual([
    '[120, 400, 2]',
    "['name', 'group_comp', 'country', 'area_ha']",
    '304',
    '422 value is not a valid uuid',
  ])
})
