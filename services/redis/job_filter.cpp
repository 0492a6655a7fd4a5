#include "services/redis/job_filter.hpp"

#include "services/json/image_data.hpp"
#include "services/json/json.hpp"

#include <algorithm>
#include <cctype>

namespace darkroom {

namespace {

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

void job_filter::set_part(const std::string& text) {
  part_ = in_lower_case(text);
  pattern_.reset();
}

status job_filter::set_error(const std::string& text) {
  auto is_pattern = text.size() >= 3 && text.front() == '/'
                    && text.back() == '/';
  set_part(is_pattern ? "" : text);
  if (!is_pattern)
    return ok;
  try {
    pattern_
      = std::make_shared<const std::regex>(text.substr(1, text.size() - 2));
  } catch (const std::regex_error& wrong) {
    return fail(ec::bad_input, "the expression " + text + " is not valid: "
                                 + what_is_wrong(wrong.code()));
  }
  return ok;
}

bool job_filter::has_text() const {
  return !name.empty() || !image_id.empty() || !part_.empty() || pattern_;
}

bool job_filter::fits(const stored_job& job) const {
  return (name.empty() || field_of(job, "name") == name) && fits_image(job)
         && fits_error(job);
}

bool job_filter::fits_image(const stored_job& job) const {
  if (image_id.empty())
    return true;
  auto data = field_of(job, "data");
  if (data.find("\"imageId\"") == data.npos)
    return false;
  auto parsed = parse_json(data);
  return parsed && image_id_in(*parsed) == image_id;
}

bool job_filter::fits_error(const stored_job& job) const {
  if (part_.empty() && !pattern_)
    return true;
  std::string reason{field_of(job, "failedReason")};
  if (!pattern_)
    return in_lower_case(std::move(reason)).find(part_) != std::string::npos;
  reason.resize(std::min(reason.size(), longest_match));
  return std::regex_search(reason, *pattern_);
}

bool job_filter::fits_time(const stored_job& job) const {
  auto has_ended = !field_of(job, "finishedOn").empty();
  auto time = number_of_field(job, has_ended ? "finishedOn" : "timestamp");
  return time >= newer_than && (older_than == 0 || time <= older_than);
}

} // namespace darkroom
