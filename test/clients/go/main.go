// What programs with the AWS SDK for Go v2 do with user pools. The variables of `poolhouse env --for aws-sdk` are all it knows of
// Poolhouse. Its steps are told in TAP, the protocol of the test runner that starts it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
)

const password = "Secret-Password-1"

var (
	ctx    = context.Background()
	idp    *cognito.Client
	pool   *string
	client *string
	tokens *types.AuthenticationResultType
)

func main() {
	settings := check(config.LoadDefaultConfig(ctx))
	// This version of the SDK does not know the variable yet.
	place := cognito.EndpointResolverFromURL(os.Getenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"))
	idp = cognito.NewFromConfig(settings, cognito.WithEndpointResolver(place))

	step := 0
	journey := []struct {
		name string
		walk func()
	}{
		{"makes a pool and a client", makesAPool},
		{"signs up and is let in once confirmed", signsUp},
		{"refuses by types that the SDK knows", refuses},
		{"uses tokens", usesTokens},
		{"administers users", administers},
		{"pages with its own paginators", pages},
		{"tries again when it is told to wait", triesAgain},
		{"takes the pool away", cleansUp},
	}
	defer func() {
		if what := recover(); what != nil {
			fmt.Printf("not ok %d - %s\n# %v\n1..%d\n", step+1, journey[step].name, what, step+1)
			os.Exit(1)
		}
	}()
	for ; step < len(journey); step++ {
		journey[step].walk()
		fmt.Printf("ok %d - %s\n", step+1, journey[step].name)
	}
	fmt.Printf("1..%d\n", len(journey))
}

func makesAPool() {
	made := check(idp.CreateUserPool(ctx, &cognito.CreateUserPoolInput{
		PoolName:               aws.String("go"),
		AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
		Policies:               &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{MinimumLength: 10}},
	}))
	pool = made.UserPool.Id
	same(strings.HasPrefix(*pool, "us-east-1_"), true)
	same(made.UserPool.Policies.PasswordPolicy.MinimumLength, int32(10))
	same(time.Since(*made.UserPool.CreationDate) < time.Minute, true)
	client = check(idp.CreateUserPoolClient(ctx, &cognito.CreateUserPoolClientInput{
		UserPoolId: pool,
		ClientName: aws.String("app"),
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{
			types.ExplicitAuthFlowsTypeAllowUserPasswordAuth, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth},
	})).UserPoolClient.ClientId
}

func signsUp() {
	made := check(idp.SignUp(ctx, &cognito.SignUpInput{
		ClientId: client, Username: aws.String("ada"), Password: aws.String(password),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String("ada@example.com")}},
	}))
	same(made.UserConfirmed, false)
	same(*made.CodeDeliveryDetails.Destination, "a***@e***")
	var unconfirmed *types.UserNotConfirmedException
	refused(signIn, &unconfirmed, "User is not confirmed.")

	confirm := func(code string) func() error {
		return func() error {
			_, err := idp.ConfirmSignUp(ctx, &cognito.ConfirmSignUpInput{
				ClientId: client, Username: aws.String("ada"), ConfirmationCode: aws.String(code)})
			return err
		}
	}
	var mismatch *types.CodeMismatchException
	refused(confirm("000000"), &mismatch, "Invalid verification code provided, please try again.")
	var mail struct{ Code string }
	ask("GET", "/_/outbox/latest?to=ada@example.com", "", &mail)
	fail(confirm(mail.Code)())
	fail(signIn())
	same(*tokens.TokenType, "Bearer")
	same(tokens.ExpiresIn, int32(3600))
}

func signIn() error {
	answer, err := idp.InitiateAuth(ctx, &cognito.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeUserPasswordAuth, ClientId: client,
		AuthParameters: map[string]string{"USERNAME": "ada", "PASSWORD": password},
	})
	if err == nil {
		tokens = answer.AuthenticationResult
	}
	return err
}

func refuses() {
	var unknown *types.UserNotFoundException
	refused(func() error {
		_, err := idp.AdminGetUser(ctx, &cognito.AdminGetUserInput{UserPoolId: pool, Username: aws.String("nobody")})
		return err
	}, &unknown, "User does not exist.")
	var weak *types.InvalidPasswordException
	refused(func() error {
		_, err := idp.SignUp(ctx, &cognito.SignUpInput{ClientId: client, Username: aws.String("eve"), Password: aws.String("short-pw")})
		return err
	}, &weak, "Password did not conform with policy: Password not long enough")
	var any smithy.APIError
	refused(func() error {
		_, err := idp.DescribeUserPool(ctx, &cognito.DescribeUserPoolInput{UserPoolId: aws.String("us-east-1_nowhere00")})
		return err
	}, &any, "User pool us-east-1_nowhere00 does not exist.")
	same(any.ErrorCode(), "ResourceNotFoundException")
}

func usesTokens() {
	user := check(idp.GetUser(ctx, &cognito.GetUserInput{AccessToken: tokens.AccessToken}))
	same(*user.Username, "ada")
	refreshed := check(idp.InitiateAuth(ctx, &cognito.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeRefreshTokenAuth, ClientId: client,
		AuthParameters: map[string]string{"REFRESH_TOKEN": *tokens.RefreshToken},
	}))
	same(refreshed.AuthenticationResult.RefreshToken == nil, true)
	check(idp.GlobalSignOut(ctx, &cognito.GlobalSignOutInput{AccessToken: tokens.AccessToken}))
	var no *types.NotAuthorizedException
	refused(func() error {
		_, err := idp.GetUser(ctx, &cognito.GetUserInput{AccessToken: tokens.AccessToken})
		return err
	}, &no, "Access Token has been revoked")
}

func administers() {
	bert := aws.String("bert")
	made := check(idp.AdminCreateUser(ctx, &cognito.AdminCreateUserInput{
		UserPoolId: pool, Username: bert, MessageAction: types.MessageActionTypeSuppress}))
	same(made.User.UserStatus, types.UserStatusTypeForceChangePassword)
	check(idp.AdminSetUserPassword(ctx, &cognito.AdminSetUserPasswordInput{
		UserPoolId: pool, Username: bert, Password: aws.String(password), Permanent: true}))
	found := check(idp.AdminGetUser(ctx, &cognito.AdminGetUserInput{UserPoolId: pool, Username: bert}))
	same(found.UserStatus, types.UserStatusTypeConfirmed)
	check(idp.AdminDeleteUser(ctx, &cognito.AdminDeleteUserInput{UserPoolId: pool, Username: bert}))
}

func pages() {
	for number := 0; number < 5; number++ {
		name := aws.String(fmt.Sprintf("group%d", number))
		check(idp.CreateGroup(ctx, &cognito.CreateGroupInput{UserPoolId: pool, GroupName: name}))
	}
	paginator := cognito.NewListGroupsPaginator(idp, &cognito.ListGroupsInput{UserPoolId: pool, Limit: aws.Int32(2)})
	count, found := 0, 0
	for paginator.HasMorePages() {
		found += len(check(paginator.NextPage(ctx)).Groups)
		count++
	}
	same([2]int{count, found}, [2]int{3, 5})
	pools := cognito.NewListUserPoolsPaginator(idp, &cognito.ListUserPoolsInput{MaxResults: 10})
	same(*check(pools.NextPage(ctx)).UserPools[0].Name, "go")
}

func triesAgain() {
	ask("PUT", "/_/faults", `[{"match": {"operation": "ListGroups"}, "then": {"error": "TooManyRequestsException"}, "times": 1}]`, nil)
	same(len(check(idp.ListGroups(ctx, &cognito.ListGroupsInput{UserPoolId: pool})).Groups), 5)
}

func cleansUp() {
	check(idp.DeleteUserPool(ctx, &cognito.DeleteUserPoolInput{UserPoolId: pool}))
}

func check[T any](value T, err error) T {
	fail(err)
	return value
}

func fail(err error) {
	if err != nil {
		panic(err)
	}
}

func same(found, wanted any) {
	if found != wanted {
		panic(fmt.Sprintf("found %v, wanted %v", found, wanted))
	}
}

// Holds that an act is refused by an error of that type, with that text.
func refused[T error](act func() error, as *T, text string) {
	err := act()
	if !errors.As(err, as) {
		panic(fmt.Sprintf("refused by %v", err))
	}
	var told smithy.APIError
	errors.As(err, &told)
	same(told.ErrorMessage(), text)
}

// A request to the emulator itself.
func ask(method, path, body string, into any) {
	request := check(http.NewRequest(method, os.Getenv("POOLHOUSE_URL")+path, strings.NewReader(body)))
	if body != "" {
		request.Header.Set("content-type", "application/json")
	}
	answer := check(http.DefaultClient.Do(request))
	defer answer.Body.Close()
	if into != nil {
		fail(json.NewDecoder(answer.Body).Decode(into))
	}
}
