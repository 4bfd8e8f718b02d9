#include "pipelines/deid/workplace.hpp"
#include "pipelines/deid/failure.hpp"
#include <cstdlib>

namespace deid::cli {

Workplace::Workplace(const std::filesystem::path& out) {
  std::string name = (out / ".work-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    throw Failure("Nothing can be written into " + out.string() + ".");
  path_ = name;
}

Workplace::~Workplace() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace deid::cli
