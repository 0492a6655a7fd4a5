/// How S3 writes times.
#pragma once

#include <cstdint>
#include <string>

namespace darkroom {

/// "20130524T000000Z" of ms since the epoch. Its first eight characters are the
/// day.
std::string s3_time(int64_t ms);

/// ms since the epoch of "2009-10-12T17:50:30.000Z" or of the date of a header,
/// "Wed, 12 Oct 2009 17:50:30 GMT"; 0 if it is neither.
int64_t read_s3_time(const std::string& text);

} // namespace darkroom
