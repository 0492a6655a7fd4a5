-- Adds jobs.
-- KEYS: none (keys derive from the prefix; Cluster needs a {tag} prefix)
-- ARGV: 1 prefix "bull:<queue>:"  2 now, ms
--       then per job: id or '', name, data (JSON), options (JSON), delay ms,
--       priority, 1 for lifo
-- Returns: the jobs' ids. An id is in its own list if a job with this id or
-- deduplication id already existed, so that nothing was added.
local P, now = ARGV[1], ARGV[2]
-- include lib_queue.lua
-- include lib_parent.lua
-- include lib_add.lua
if not meta[5] then call('HSET', P .. 'meta', 'opts.maxLenEvents', max_events) end
local ids = {}
for i = 3, #ARGV, 7 do
  if (i - 3) % 700 == 0 then told = {} end -- trims a large batch, too
  local id, existed = add_job(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3],
    tonumber(ARGV[i + 4]), tonumber(ARGV[i + 5]), ARGV[i + 6] == '1')
  ids[#ids + 1] = existed and {id} or id
end
return ids
