-- Makes a job scheduler, or changes it, and adds its next job in place of the
-- one that waited: BullMQ's upsertJobScheduler.
-- KEYS: none (keys derive from the prefix; Cluster needs a {tag} prefix)
-- ARGV: 1 prefix "bull:<queue>:"  2 now, ms  3 scheduler's id
--       4 when its pattern matches next, ms; '' if it has an interval
--       5 its interval, ms; '' if it has a pattern  6 its start date, ms, or ''
--       7 its jobs' name  8 their data (JSON)
--       9 their options (JSON) without `delay` and `jobId`, from behind the '{'
--       10 their priority  11 1 for lifo
--       12… further fields of its record: name, value, …
-- Returns: {the next job's id, its slot in ms}; -1 if a job has the id of that
--   slot, which a pattern cannot avoid; -2 if 32 slots of an interval are taken;
--   -3 if the key of its record holds something else.
local P, now = ARGV[1], ARGV[2]
-- include lib_queue.lua
-- include lib_parent.lua
-- include lib_add.lua
-- include lib_job.lua
-- include lib_remove.lua
local MOST_SLOTS = 32
local scheduler, record, time = ARGV[3], P .. 'repeat:' .. ARGV[3], tonumber(now)
local every, start = tonumber(ARGV[5]), tonumber(ARGV[6])
if call('EXISTS', record) == 1 and (not is_hash('repeat:' .. scheduler) or is_job('repeat:' .. scheduler)) then
  return -3
end
local old = call('HMGET', record, 'every', 'offset', 'ic')
local before = tonumber(call('ZSCORE', P .. 'repeat', scheduler) or '')
local offset = number_of(old[2]) or 0

local function id_of(slot) return 'repeat:' .. scheduler .. ':' .. int(slot) end

-- The next slot of an interval, as BullMQ counts them.
local function next_of_interval(last)
  if last then
    local slot = last + every
    if slot >= time then return slot end
    local aligned = math.floor(time / every) * every + offset
    return aligned <= time and aligned + every or aligned
  end
  if start then return math.max(start, time) end
  return time
end

local slot, same = tonumber(ARGV[4]), false
if every then
  same = number_of(old[1]) == every
  slot = next_of_interval(same and before or nil)
end
local replaced = false
if before then
  local current = id_of(before)
  local waits = call('ZSCORE', DELAYED, current) or call('ZSCORE', PRIORITIZED, current)
    or call('LPOS', LINE, current)
  if waits and is_job(current) then
    remove(current, false)
    replaced = true
    if same then slot = before end
  end
end
if not replaced and every then offset = slot % every end
local tries = 0
while call('EXISTS', P .. id_of(slot)) == 1 do
  if not every then return -1 end
  tries = tries + 1
  if tries > MOST_SLOTS then return -2 end
  slot = slot + every
end
call('ZADD', P .. 'repeat', int(slot), scheduler)
call('DEL', record)
call('HSET', record, 'name', ARGV[7], 'ic', old[3] or '1')
if every then call('HSET', record, 'offset', int(offset)) end
if #ARGV > 11 then call('HSET', record, unpack(ARGV, 12)) end
local id, delay = id_of(slot), math.max(0, slot - time)
call('INCR', P .. 'id')
store_job(id, ARGV[7], ARGV[8],
  '{"delay":' .. int(delay) .. ',"jobId":' .. cjson.encode(id) .. ',' .. ARGV[9],
  delay, tonumber(ARGV[10]), ARGV[11] == '1', {'rjk', scheduler})
return {id, int(slot)}
