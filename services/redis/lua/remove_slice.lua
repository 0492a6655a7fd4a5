-- Removes jobs of one state, a slice per call, oldest first. Skips jobs that
-- are running and jobs that a job scheduler waits for.
-- KEYS: none (keys derive from the prefix; Cluster needs a {tag} prefix)
-- ARGV: 1 prefix "bull:<queue>:"  2 now, ms  3 state: the end of its key
--       4 only jobs of this time or before, ms; '' = all. As in BullMQ, this is
--         for ended jobs their end, for parents when they began to wait, for
--         others their last start, or else when they were added
--       5 how many of the oldest jobs earlier calls have kept
--       6 most to look at  7 most to remove  8 '1': adds the event `cleaned`
--       then the names of the jobs to report, see watch_names in lib_remove.lua
-- Returns: how many were looked at, the reported jobs, the ids of the removed
--   jobs.
local P, now = ARGV[1], ARGV[2]
-- include lib_queue.lua
-- include lib_parent.lua
-- include lib_job.lua
-- include lib_remove.lua
local state, before = ARGV[3], tonumber(ARGV[4])
local kept, look, most = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local key = P .. state
local is_list = state == 'wait' or state == 'paused' or state == 'active'
local is_scored = state == 'completed' or state == 'failed' or state == 'waiting-children'

-- The next ids, oldest first.
local function slice()
  if is_scored and before then
    return call('ZRANGEBYSCORE', key, '-inf', int(before), 'LIMIT', int(kept), int(look))
  elseif not is_list then
    return call('ZRANGE', key, int(kept), int(kept + look - 1))
  end
  local ids, found = call('LRANGE', key, int(-kept - look), int(-kept - 1)), {}
  for i = #ids, 1, -1 do found[#found + 1] = ids[i] end
  return found
end

local function is_removable(id)
  if call('EXISTS', P .. id .. ':lock') == 1 or is_pending_iteration(id) then return false end
  if not before or is_scored then return true end
  local h = call('HMGET', P .. id, 'processedOn', 'timestamp')
  local since = state ~= 'prioritized' and h[1] or h[2]
  return (number_of(since) or 0) <= before
end

local ids, removed, places, looked = slice(), {}, {}, 0
for i = 1, #ids do
  if #removed == most then break end
  looked = i
  if is_removable(ids[i]) then
    removed[#removed + 1] = ids[i]
    places[#places + 1] = int(-kept - i)
  end
end
watch_names(9)
if #removed > 0 then
  if not is_list then
    call('ZREM', key, unpack(removed))
  elseif kept == 0 and #removed == looked then
    call('LTRIM', key, '0', int(-looked - 1))
  else -- marks the entries, then removes them in one walk over the list
    for i = 1, #places do call('LSET', key, places[i], '0:removed') end
    call('LREM', key, int(-#places), '0:removed')
  end
end
for i = 1, #removed do
  leave_family(removed[i])
  forget(removed[i])
end
if ARGV[8] == '1' then tell('cleaned', 'count', int(#removed)) end
return {looked, unfinished, unpack(removed)}
