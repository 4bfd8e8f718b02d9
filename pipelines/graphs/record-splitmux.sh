#!/bin/sh
# record-splitmux.sh [/dev/video0] [part%05d.mp4]: records a camera with every face replaced, in files of five minutes.
exec gst-launch-1.0 -e v4l2src device="${1:-/dev/video0}" do-timestamp=true ! decodebin ! video/x-raw \
  ! queue leaky=downstream max-size-buffers=2 ! videoconvert ! deidfacedetect ! queue max-size-buffers=2 ! deidfaceswap ! queue \
  ! x264enc tune=zerolatency speed-preset=veryfast key-int-max=60 ! h264parse \
  ! splitmuxsink location="${2:-part%05d.mp4}" max-size-time=300000000000
