-- Lets the jobs that wait for a resource's providers go on: an operator asks for
-- it, or a node has joined whose provider may be another one. The next call to a
-- provider that rested goes first and decides for all.
-- KEYS: none, or 1 the fence, see lib_fence.lua
-- ARGV: 1 prefix "bull:<queue>:"  2 own prefix  3 now, ms  4 resources, see
--       limits_text.hpp  5 resource  6 '1' to end the rest of its providers, too
-- Returns: names of the profiles whose rest has ended
-- include lib_fence.lua
local P, D, now, id, token = ARGV[1], ARGV[2], ARGV[3], '', ''
local has_limits, resources, limit_max, limit_window = '1', ARGV[4], 0, 0
local resource = ARGV[5]
-- include lib_queue.lua
-- include lib_limits.lua
-- include lib_provider.lua
local ended = {}
if ARGV[6] == '1' then
  local profiles = call('HGETALL', D .. 'profiles')
  for i = 1, #profiles, 2 do
    local key = provider_key(profiles[i])
    local until_ms = profiles[i + 1] == resource and call('HGET', key, 'until')
    if until_ms and tonumber(until_ms) > tonumber(now) then
      call('HSET', key, 'until', now)
      ended[#ended + 1] = profiles[i]
    end
  end
end
read_limits()
end_rest(resource)
wake_unless_blocked()
return ended
