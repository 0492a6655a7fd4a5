/// What a processor's jobs work with.
#pragma once

namespace darkroom {

class job_tools {
public:
  virtual ~job_tools() = default;
};

} // namespace darkroom
