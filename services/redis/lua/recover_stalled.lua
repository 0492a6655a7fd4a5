-- BullMQ's stalled check: jobs that were active at the last check and have no
-- lock now go back to the front. Runs at most once per interval for the whole
-- fleet. Jobs that the caller runs get their locks back instead: if Redis was
-- down for longer than a lock lasts, this check may come before any renewal.
-- KEYS: none, or 1 the fence, see lib_fence.lua
-- ARGV: 1 prefix "bull:<queue>:"  2 now, ms  3 interval, ms
--       4 how often a job may stall before it fails  5 lock duration, ms
--       then per job that the caller runs: id, token, ats
-- Returns: the ids that were recovered.
-- include lib_fence.lua
local P, now = ARGV[1], ARGV[2]
if redis.call('EXISTS', P .. 'stalled-check') == 1 then return {} end
-- include lib_queue.lua
call('SET', P .. 'stalled-check', now, 'PX', ARGV[3])
trim_events()
local STALLED = P .. 'stalled'
local recovered = {}
local run = {}
for i = 6, #ARGV, 3 do run[ARGV[i] .. ':' .. ARGV[i + 2]] = ARGV[i + 1] end
-- Whether the caller runs this job. If it does, its lock is set again.
local function is_run(id, key)
  local token = run[id .. ':' .. (fields_of(id, 'ats')[1] or '')]
  if token then call('SET', key .. ':lock', token, 'PX', ARGV[5]) end
  return token
end
for _, id in ipairs(call('SMEMBERS', STALLED)) do
  local key = P .. id
  -- A job that was removed has left only its id: there is nothing to recover.
  if not lock_of(id) and not is_run(id, key)
      and call('LREM', ACTIVE, '1', id) > 0 and is_hash(id) then
    local count = count_up(id, 'stc')
    local scheduler = call('HGET', key, 'rjk')
    -- A job that a scheduler still repeats is never failed for stalling too
    -- often.
    if count > tonumber(ARGV[4])
        and not (scheduler and call('ZSCORE', P .. 'repeat', scheduler)) then
      call('HSET', key, 'defa', 'job stalled more than allowable limit')
    end
    call('RPUSH', LINE, id)
    wake_unless_blocked()
    tell('waiting', 'jobId', id, 'prev', 'active')
    tell('stalled', 'jobId', id)
    recovered[#recovered + 1] = id
  end
end
call('DEL', STALLED)
local active = call('LRANGE', ACTIVE, '0', '-1')
for i = 1, #active, 5000 do
  call('SADD', STALLED, unpack(active, i, math.min(i + 4999, #active)))
end
return recovered
