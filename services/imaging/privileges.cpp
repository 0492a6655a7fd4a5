#include "services/imaging/privileges.hpp"

#include <cap-ng.h>
#include <grp.h>
#include <linux/capability.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace darkroom {

namespace {

// Containers may take some of these from root. CAP_KILL is for the parent,
// which has the same capabilities as we: without it, root cannot end a process
// of user nobody.
constexpr unsigned int needed[] = {CAP_SETUID, CAP_SETGID, CAP_KILL};

bool has(unsigned int capability) {
  return capng_have_capability(CAPNG_EFFECTIVE, capability);
}

status read_capabilities() {
  if (capng_get_caps_process())
    return fail(ec::internal, "cannot read capabilities");
  return ok;
}

} // namespace

status empty_bounding_set() {
  if (auto read = read_capabilities(); !read || !has(CAP_SETPCAP))
    return read;
  capng_clear(CAPNG_SELECT_BOUNDS);
  if (capng_apply(CAPNG_SELECT_BOUNDS))
    return fail(ec::internal, "cannot empty the bounding set");
  return ok;
}

status become_nobody() {
  if (auto read = read_capabilities(); !read)
    return read;
  for (auto capability : needed)
    if (!has(capability))
      return fail(ec::internal, std::string{"root lacks CAP_"}
                                  + (capability == CAP_KILL     ? "KILL"
                                     : capability == CAP_SETUID ? "SETUID"
                                                                : "SETGID"));
  if (setgroups(0, nullptr) || setresgid(nobody_uid, nobody_uid, nobody_uid)
      || setresuid(nobody_uid, nobody_uid, nobody_uid))
    return fail(ec::internal, std::strerror(errno));
  return ok;
}

status drop_capabilities() {
  if (auto read = read_capabilities(); !read)
    return read;
  capng_clear(CAPNG_SELECT_ALL);
  capng_apply(CAPNG_SELECT_AMBIENT); // fails if the kernel has no ambient set
  if (capng_apply(CAPNG_SELECT_CAPS))
    return fail(ec::internal, "cannot drop capabilities");
  return ok;
}

} // namespace darkroom
