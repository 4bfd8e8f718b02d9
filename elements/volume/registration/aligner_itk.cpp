// The only file that includes ITK: its templates take minutes to compile.
#include "elements/volume/registration/aligner.hpp"
#include <algorithm>
#include <itkAffineTransform.h>
#include <itkEuler3DTransform.h>
#include <itkImage.h>
#include <itkMattesMutualInformationImageToImageMetricv4.h>
#include <itkMultiThreaderBase.h>
#include <itkRegistrationParameterScalesFromPhysicalShift.h>
#include <itkRegularStepGradientDescentOptimizerv4.h>
#include <limits>
#include <string>

namespace deid::volume {

namespace {

using Image = itk::Image<float, 3>;
using Metric = itk::MattesMutualInformationImageToImageMetricv4<Image, Image>;
using Optimizer = itk::RegularStepGradientDescentOptimizerv4<double>;
using Scales = itk::RegistrationParameterScalesFromPhysicalShift<Metric>;
using MatrixTransform = itk::MatrixOffsetTransformBase<double, 3, 3>;

constexpr unsigned bins = 32,
                   threads =
                       1; // sums always have one order, so results repeat; whole searches run side by side
constexpr double longest_step = 4.0;    // [mm], about a cell
constexpr double shortest_step = 0.002; // [mm]
constexpr double greatest_score = 1e6;  // mutual information is a few units at most

Image::Pointer image_of(const Field& field) {
  auto image = Image::New();
  Image::SizeType size;
  Image::PointType origin;
  Image::SpacingType spacing;
  for (unsigned axis = 0; axis < 3; ++axis) {
    size[axis] = static_cast<itk::SizeValueType>(field.size.at(axis));
    origin[axis] = field.origin.at(axis);
    spacing[axis] = field.spacing;
  }
  image->SetRegions(Image::RegionType(size));
  image->SetOrigin(origin);
  image->SetSpacing(spacing);
  image->Allocate();
  std::copy(field.values.begin(), field.values.end(), image->GetBufferPointer());
  return image;
}

/// Sets a transform that turns about `centre`.
void set(MatrixTransform& transform, const Affine& map, const Point& centre) {
  MatrixTransform::MatrixType matrix;
  MatrixTransform::InputPointType fixed;
  MatrixTransform::OutputVectorType shift;
  const Point to = moved(map, centre);
  for (unsigned r = 0; r < 3; ++r) {
    for (unsigned c = 0; c < 3; ++c)
      matrix(r, c) = map.at(r).at(c);
    fixed[r] = centre.at(r);
    shift[r] = to.at(r) - centre.at(r);
  }
  transform.SetCenter(fixed);
  transform.SetMatrix(matrix);
  transform.SetTranslation(shift);
}

Affine map_of(const MatrixTransform& transform) {
  Affine map{};
  for (unsigned r = 0; r < 3; ++r) {
    for (unsigned c = 0; c < 3; ++c)
      map.at(r).at(c) = transform.GetMatrix()(r, c);
    map.at(r)[3] = transform.GetOffset()[r];
  }
  return map;
}

class ItkAligner final : public Aligner {
public:
  ItkAligner(const Field& fixed, const Field& moving) : fixed_(fixed), moving_(moving) {
    // Not each part of a metric asks for the number that the metric was given.
    itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(threads);
    for (std::size_t axis = 0; axis < 3; ++axis)
      centre_[axis] = fixed.origin[axis] + fixed.spacing * (fixed.size[axis] - 1) / 2;
  }

  Aligned align(const Affine& start, Freedom freedom, int steps) const override {
    MatrixTransform::Pointer transform;
    if (freedom == Freedom::rigid)
      transform = itk::Euler3DTransform<double>::New();
    else
      transform = itk::AffineTransform<double, 3>::New();
    set(*transform, start, centre_);
    try {
      const double score = improve(*transform, steps);
      return {map_of(*transform), score};
    } catch (const itk::ExceptionObject&) { // the fields do not overlap: this start is no start
      return {start, std::numeric_limits<double>::infinity()};
    }
  }

private:
  double improve(MatrixTransform& transform, int steps) const {
    // ITK notes in an image what was asked of it, so each search has its own: two may run at once.
    const auto fixed = image_of(fixed_), moving = image_of(moving_);
    auto metric = Metric::New();
    metric->SetNumberOfHistogramBins(bins);
    metric->SetFixedImage(fixed);
    metric->SetMovingImage(moving);
    metric->SetMovingTransform(&transform);
    metric->SetUseFixedImageGradientFilter(false);
    metric->SetUseMovingImageGradientFilter(false);
    metric->SetMaximumNumberOfWorkUnits(threads);
    metric->Initialize();
    auto scales = Scales::New();
    scales->SetMetric(metric);
    auto optimizer = Optimizer::New();
    optimizer->SetMetric(metric);
    optimizer->SetScalesEstimator(scales);
    optimizer->SetDoEstimateLearningRateOnce(true);
    optimizer->SetMaximumStepSizeInPhysicalUnits(longest_step);
    optimizer->SetMinimumStepLength(shortest_step);
    optimizer->SetRelaxationFactor(0.6);
    optimizer->SetNumberOfIterations(static_cast<itk::SizeValueType>(steps));
    optimizer->SetReturnBestParametersAndValue(true);
    optimizer->StartOptimization();
    // A search that ends before its first step leaves the greatest number there is.
    const double score = optimizer->GetValue();
    return score < greatest_score ? score : metric->GetValue();
  }

  const Field &fixed_, &moving_;
  Point centre_{};
};

} // namespace

bool can_register() {
  return true;
}

std::unique_ptr<Aligner> new_aligner(const Field& fixed, const Field& moving) {
  return std::make_unique<ItkAligner>(fixed, moving);
}

} // namespace deid::volume
