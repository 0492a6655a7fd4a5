#include "services/redis/dead_letters.hpp"

#include <algorithm>
#include <cctype>

namespace darkroom {

namespace {

constexpr uint32_t page_size = 200;

/// std::regex recurses once per character: a longer text could overflow the
/// stack.
constexpr size_t longest_match = 4096;

std::string in_lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// Our own words, because the library's messages name its functions.
std::string what_is_wrong(std::regex_constants::error_type code) {
  using namespace std::regex_constants;
  switch (code) {
    case error_brack:
      return "a '[' is not closed";
    case error_paren:
      return "a '(' is not closed, or a ')' not opened";
    case error_brace:
    case error_badbrace:
      return "what is between '{' and '}' is not a number of times";
    case error_badrepeat:
      return "'*', '+', '?' or '{' has nothing before it to repeat";
    case error_range:
      return "a range such as [z-a] runs backwards";
    case error_escape:
      return "a '\\' escapes nothing, or ends it";
    case error_backref:
      return "it refers to a group that is not there";
    default:
      return "it is too long, or not understood";
  }
}

} // namespace

status dead_filter::set_error(const std::string& text) {
  part_.clear();
  pattern_.reset();
  if (text.size() < 3 || text.front() != '/' || text.back() != '/') {
    part_ = in_lower_case(text);
    return ok;
  }
  try {
    pattern_
      = std::make_shared<const std::regex>(text.substr(1, text.size() - 2));
  } catch (const std::regex_error& wrong) {
    return fail(ec::bad_input, "the expression " + text + " is not valid: "
                                 + what_is_wrong(wrong.code()));
  }
  return ok;
}

bool dead_filter::has_text() const {
  return !name.empty() || !part_.empty() || pattern_;
}

bool dead_filter::fits(const stored_job& job) const {
  if (!name.empty() && field_of(job, "name") != name)
    return false;
  if (part_.empty() && !pattern_)
    return true;
  std::string reason{field_of(job, "failedReason")};
  if (!pattern_)
    return in_lower_case(std::move(reason)).find(part_) != std::string::npos;
  reason.resize(std::min(reason.size(), longest_match));
  return std::regex_search(reason, *pattern_);
}

status
each_dead(queue_admin& queue, const dead_filter& filter, bool newest_first,
          int64_t now,
          const std::function<result<visited>(const stored_job&)>& visit) {
  dead_page page;
  page.newer_than = filter.newer_than;
  page.older_than = filter.older_than > 0 ? filter.older_than : now;
  page.newest_first = newest_first;
  page.count = page_size;
  for (;;) {
    auto jobs = queue.dead(page);
    if (!jobs)
      return std::move(jobs.error());
    if (jobs->empty())
      return ok;
    for (const auto& x : *jobs) {
      // An id without a hash stays in the set, so it must count as passed.
      auto is_whole = !x.fields.empty();
      auto what = is_whole && filter.fits(x) ? visit(x) : visited::kept;
      if (!what)
        return std::move(what.error());
      if (*what == visited::last)
        return ok;
      if (*what == visited::kept)
        ++page.offset;
    }
  }
}

} // namespace darkroom
