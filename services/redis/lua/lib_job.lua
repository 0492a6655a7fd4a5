-- Fragment: tells jobs from other keys. The queue's own keys ("meta", "wait",
-- "events", "repeat:<scheduler>", "metrics:completed", …) have the same prefix
-- as its jobs. An id that a stranger asks for or pushed into a list may name
-- one of them. Needs lib_queue.lua. C++ has the same rule: `is_job` in
-- services/redis/job_queue.hpp.

local function is_job(id)
  if call('TYPE', P .. id).ok ~= 'hash' then return false end
  local h = call('HMGET', P .. id, 'timestamp', 'ats')
  return (h[1] or h[2]) and true or false
end

-- Whether the key of a job with this id holds something else. Such a key is
-- neither changed nor deleted.
local function is_foreign(id)
  return call('EXISTS', P .. id) == 1 and not is_job(id)
end
