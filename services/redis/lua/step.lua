-- Writes what running jobs report, settles a batch of jobs and claims the next
-- ones, in one round trip.
-- KEYS: none, or 1 the fence, see lib_fence.lua
-- ARGV: 1 prefix "bull:<queue>:"  2 own prefix "darkroom:bull:<queue>:"
--       3 now, ms  4 jobs wanted  5 lock duration, ms  6 token of the new locks
--       7 worker name or ''  8 limit: starts per window, 0 = none
--       9 window, ms  10 minutes of metrics, 0 = none
--       11 '1' if a resource has a limit  12 resources, see limits_text.hpp
--       13 free slots, see slots_text.hpp  14 ms that a job is set aside
--       15 number of updates, then four per update, see lib_update.lua,
--       then six per settlement, see lib_settle.lua: id, token, ats, kind,
--       value, extra
-- Returns: {statuses (0 = all settled), next due ms, limited until ms,
--           ids dropped, names set aside or 0, jobs that still wait,
--           id, fields, id, fields, …};
--           the fields are those of lib_claim.lua.
-- include lib_fence.lua
local P, D, now = ARGV[1], ARGV[2], ARGV[3]
local want, lock_ms, token, worker = tonumber(ARGV[4]), ARGV[5], ARGV[6], ARGV[7]
local limit_max, limit_window = tonumber(ARGV[8]), tonumber(ARGV[9])
local metrics_points, has_limits, resources = tonumber(ARGV[10]), ARGV[11], ARGV[12]
local slots, aside_ms = ARGV[13], tonumber(ARGV[14])
-- include lib_queue.lua
-- include lib_update.lua
-- include lib_parent.lua
-- include lib_add.lua
-- include lib_limits.lua
-- include lib_aside.lua
-- include lib_settle.lua
-- include lib_claim.lua
local reply = {0, 0, 0, 0, 0, 0}
local settlements = 16 + 4 * tonumber(ARGV[15])
write_updates(16, settlements - 1)
local batch = {}
for i = settlements, #ARGV, 6 do
  batch[#batch + 1] = {id = ARGV[i], token = ARGV[i + 1], ats = ARGV[i + 2],
    kind = ARGV[i + 3], value = ARGV[i + 4], extra = ARGV[i + 5]}
end
if #batch > 0 then
  local statuses = settle(batch)
  for i = 1, #statuses do
    if statuses[i] ~= OK then reply[1] = statuses end
  end
end
if want > 0 then claim(want, reply) end
-- If the claim found the queue paused, limited or with delayed jobs, it adds no
-- event about that.
local is_silent = want > 0
  and (#reply > 6 or reply[2] > 0 or reply[3] > 0 or meta[1])
if finished > 0 and not is_silent
    and call('EXISTS', LINE, ACTIVE, PRIORITIZED) == 0 then
  tell('drained')
end
return reply
